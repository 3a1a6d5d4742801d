#!lua
-- Keep a version of a dossier for good, and the line about it in the trail, if it is the next one:
-- of two people who publish at once one succeeds.
--
-- KEYS 1 dossiers    list: one text per version
--      2 staff acts  list: the trail
-- ARGV 1 version, from 1  2 text  3 line of the trail
-- Returns 1 if it was kept, 0 if that version exists already or an earlier one is missing.
-- Said twice, as after a lost answer, it is kept once, and both are answered alike.

local version = tonumber(ARGV[1])
local kept = redis.call('LLEN', KEYS[1])
if kept == version and redis.call('LINDEX', KEYS[1], -1) == ARGV[2] then return 1 end
if kept ~= version - 1 then return 0 end
redis.call('RPUSH', KEYS[1], ARGV[2])
redis.call('RPUSH', KEYS[2], ARGV[3])
return 1
