#!lua flags=no-writes
-- Compare some tallies with their shadows, each pair in the same instant.
--
-- KEYS 1 recount  2... tally and shadow, in turn
-- ARGV 1 generation  2 'all' for all pairs, '' for those that differ
-- Returns for each pair {which (from 1), {tally field, value, ...}, {shadow field, value, ...}}.
-- Errors: recount-replaced, recount-lost.

local value = redis.call('GET', KEYS[1])
if value ~= ARGV[1] then
  local later = value and math.abs(value) > math.abs(ARGV[1])
  return redis.error_reply(later and 'recount-replaced by a later one' or 'recount-lost ran out')
end

local function same(tally, shadow)
  if #tally ~= #shadow then return false end
  local counted = {}
  for i = 1, #shadow, 2 do counted[shadow[i]] = shadow[i + 1] end
  for i = 1, #tally, 2 do
    if counted[tally[i]] ~= tally[i + 1] then return false end
  end
  return true
end

local found = {}
for i = 2, #KEYS, 2 do
  local tally, shadow = redis.call('HGETALL', KEYS[i]), redis.call('HGETALL', KEYS[i + 1])
  if ARGV[2] == 'all' or not same(tally, shadow) then
    found[#found + 1] = { i / 2, tally, shadow }
  end
end
return found
