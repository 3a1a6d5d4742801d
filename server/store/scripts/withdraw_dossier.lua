#!lua
-- Put what is left of a withdrawn version in its place, and the line about it into the trail.
--
-- KEYS 1 dossiers    list: one text per version
--      2 staff acts  list: the trail
-- ARGV 1 version, from 1  2 its text as it was read  3 what is left  4 line of the trail
-- Returns 1 if it was withdrawn, 0 if that version is not (or no longer) what was read.

local place = tonumber(ARGV[1]) - 1
if redis.call('LINDEX', KEYS[1], place) ~= ARGV[2] then return 0 end
redis.call('LSET', KEYS[1], place, ARGV[3])
redis.call('RPUSH', KEYS[2], ARGV[4])
return 1
