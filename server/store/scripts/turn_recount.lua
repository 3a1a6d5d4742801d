#!lua flags=allow-oom
-- Turn a recount from clearing to counting or back, or, with twice the same value, renew it.
--
-- KEYS 1 recount      ARGV 1 value now  2 value to come  3 milliseconds to live unless renewed
-- Returns the server's replication id: another one means that it may have lost what it had.
-- Errors: recount-replaced (a later one has begun), recount-lost (it ran out, or was lost).

local value = redis.call('GET', KEYS[1])
if value ~= ARGV[1] and value ~= ARGV[2] then
  local later = value and math.abs(value) > math.abs(ARGV[1])
  return redis.error_reply(later and 'recount-replaced by a later one' or 'recount-lost ran out')
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return redis.call('INFO', 'replication'):match('master_replid:(%w+)')
