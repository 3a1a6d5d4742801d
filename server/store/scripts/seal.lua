#!lua flags=allow-oom
-- Seal: close a box for good, also when memory is full. The first instant stands.
--
-- KEYS 1 seal  2 revision counter      ARGV 1 instant (ms, this server's clock)

redis.call('SET', KEYS[1], ARGV[1], 'NX')
redis.call('INCRBY', KEYS[2], 0) -- as in cast.lua: who waits for the disk waits for this
