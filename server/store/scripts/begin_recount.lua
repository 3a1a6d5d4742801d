#!lua
-- Begin a recount: empty shadows and a new generation in one instant, so that of two that begin
-- at once the later one takes over whole and the earlier one stops with an error.
--
-- KEYS 1 recount  2 generation counter  3... shadow of each proposal
-- Returns the new generation.

for i = 3, #KEYS do redis.call('UNLINK', KEYS[i]) end
local generation = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], generation)
return generation
