#!lua flags=allow-oom
-- Note that somebody wishes to be forgotten, also when memory is full.
--
-- KEYS 1 forgotten  hash: asked, fulfilled, swept (ms)

return redis.call('HINCRBY', KEYS[1], 'asked', 1)
