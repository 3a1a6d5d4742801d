#!lua
-- Finish a restore: give the consultations their addresses and take the mark away, in one instant.
-- Until then nobody finds a consultation, so nobody votes in one or counts it.
--
-- KEYS 1 restoring  string: the token of the restore under way
--      2 slugs      hash: slug -> consultation id
-- ARGV 1 token of the caller   2... slug, id, slug, id ...
--
-- Returns how many slugs there are.
-- Errors: restore-replaced (another restore has begun).

if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return redis.error_reply('restore-replaced another restore has begun')
end
for i = 2, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
redis.call('DEL', KEYS[1])
return redis.call('HLEN', KEYS[2])
