#!lua
-- Put the line of a deed into the trail, unless it is there already.
--
-- KEYS 1 staff acts
--      2 deed       there if the line was put there before
-- ARGV 1 the line  2 seconds for which that is remembered
--
-- Done twice, it is done once. Returns 1 if this call did it.

local call = redis.call
if call('EXISTS', KEYS[2]) == 1 then return 0 end
-- First, as it alone can fail: a line is never thought to be there that is not.
call('RPUSH', KEYS[1], ARGV[1])
call('SET', KEYS[2], '1', 'EX', ARGV[2])
return 1
