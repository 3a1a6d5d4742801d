#!lua flags=allow-oom
-- Retire a sealed box: its records are about to be destroyed, so none is made or renamed any more,
-- and one look through all keys meets every one of them.
--
-- KEYS 1 seal  string: the instant of the seal (ms), negative once the box is retired
-- Returns the seal.
-- Errors: not-sealed.

local seal = tonumber(redis.call('GET', KEYS[1]))
if not seal then return redis.error_reply('not-sealed the box takes votes') end
if seal > 0 then redis.call('SET', KEYS[1], string.format('%.0f', -seal)) end
return redis.call('GET', KEYS[1])
