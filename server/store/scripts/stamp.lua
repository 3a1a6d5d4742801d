#!lua
-- Stamp: add one voter's ballots to the shadows of a recount, once, and mark the record. From then
-- on every script that changes this voter's ballots changes the shadows too.
--
-- KEYS 1 recount  2 shadow voters  3 voter  4 more
--      5... shadow of each proposal that the voter was seen to hold
-- ARGV 1 generation  2... those proposals, in the order of their shadows
-- Returns 1 when done, 0 when the voter holds another proposal by now: read again and call again.
-- Errors: recount-replaced, recount-lost.

local PROPOSAL, SOURCE, GENERATION, BIRTH_HOUR = 32768, 256, -268435456, 128
local floor, call = math.floor, redis.call
local value = call('GET', KEYS[1])
if value ~= ARGV[1] then
  local later = value and math.abs(value) > math.abs(ARGV[1])
  return redis.error_reply(later and 'recount-replaced by a later one' or 'recount-lost ran out')
end

local shadows = {}
for i = 2, #ARGV do shadows[tonumber(ARGV[i])] = KEYS[i + 3] end

local home, earlier, ballots = nil, nil, {} -- shadow, stored ballot, in turn
for _, member in ipairs(call('SMEMBERS', KEYS[3])) do
  local number = tonumber(member)
  if number > 0 then
    local shadow = shadows[floor(number / PROPOSAL)]
    if not shadow then return 0 end
    ballots[#ballots + 1], ballots[#ballots + 2] = shadow, number % PROPOSAL
  elseif number > GENERATION then
    home = (-1 - number) % BIRTH_HOUR
  else
    earlier = member
  end
end
local mark = string.format('%.0f', GENERATION - ARGV[1])
if not home or earlier == mark then return 1 end

local fields = call('HGETALL', KEYS[4])
for i = 1, #fields, 2 do
  local shadow = shadows[tonumber(fields[i])]
  if not shadow then return 0 end
  ballots[#ballots + 1], ballots[#ballots + 2] = shadow, tonumber(fields[i + 1])
end

for i = 1, #ballots, 2 do
  local stored = ballots[i + 1]
  call('HINCRBY', ballots[i], floor(stored / SOURCE) .. '.' .. stored % SOURCE, 1)
end
call('HINCRBY', KEYS[2], home, 1)
if earlier then call('SREM', KEYS[3], earlier) end
call('SADD', KEYS[3], mark)
return 1
