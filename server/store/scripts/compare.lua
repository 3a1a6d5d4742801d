#!lua flags=no-writes
-- Compare: read the tally and the shadow of one proposal in the same instant.
--
-- KEYS 1 recount  2 tally  3 shadow      ARGV 1 generation
-- Returns {{tally field, value, ...}, {shadow field, value, ...}}
-- Errors: recount-replaced (another recount has begun).

if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return redis.error_reply('recount-replaced another recount has begun')
end
return { redis.call('HGETALL', KEYS[2]), redis.call('HGETALL', KEYS[3]) }
