#!lua
-- Append a version of the minutes, if it is the next one: of two processes that draw up the same
-- version one succeeds, and a repeated call changes nothing.
--
-- KEYS 1 minutes  list: one text per version      ARGV 1 version, from 1  2 text
-- Returns 1 if it was appended, 0 if that version exists already or an earlier one is missing.

if redis.call('LLEN', KEYS[1]) ~= tonumber(ARGV[1]) - 1 then return 0 end
redis.call('RPUSH', KEYS[1], ARGV[2])
return 1
