#!lua flags=allow-oom
-- Clear some shadows, while the recount is ours and not counting.
--
-- KEYS 1 recount  2... shadows      ARGV 1 our claim, a negative generation
-- Returns how many there were. Errors: recount-replaced, recount-lost.

local value = redis.call('GET', KEYS[1])
if value ~= ARGV[1] then
  local later = value and math.abs(value) > math.abs(ARGV[1])
  return redis.error_reply(later and 'recount-replaced by a later one' or 'recount-lost ran out')
end
return redis.call('UNLINK', unpack(KEYS, 2))
