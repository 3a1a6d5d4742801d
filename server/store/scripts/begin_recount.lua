#!lua
-- Begin a recount of one box: claim it under a new generation. From now on nobody writes a shadow:
-- an earlier recount finds its claim gone, and voting scripts take a negative generation for none.
--
-- KEYS 1 recount  2 generation counter      ARGV 1 milliseconds that the claim lives unless renewed
-- Returns the new generation, claimed as its negative until old shadows are cleared.

local generation = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], -generation, 'PX', ARGV[1])
return generation
