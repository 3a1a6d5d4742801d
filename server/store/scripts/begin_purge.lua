#!lua flags=allow-oom
-- Begin a purge: destroy the key that leads from a credential to its voter, and say so.
--
-- KEYS 1 purge    hash: begun, done (ms)
--      2 voter key     3 version (every process looks again when it has changed)
-- ARGV 1 now (ms)
-- Returns 1 if it begins now, 0 if it had begun before.

local begins = redis.call('HSETNX', KEYS[1], 'begun', ARGV[1])
if redis.call('UNLINK', KEYS[2]) + begins > 0 then redis.call('INCR', KEYS[3]) end
return begins
