#!lua
-- Keep a new token of a member of staff, as long as there is that member.
--
-- KEYS 1 tokens  hash: digest -> JSON      2 members  hash: id -> JSON
--      3 acts    list of "instant JSON"
-- ARGV 1 digest  2 JSON  3 the member's id  4 the act, as the list keeps it  5 most tokens
-- Errors: member-unknown, token-refused.

local call = redis.call

if call('HEXISTS', KEYS[2], ARGV[3]) == 0 then return redis.error_reply('member-unknown ' .. ARGV[3]) end
if call('HLEN', KEYS[1]) >= tonumber(ARGV[5]) then return redis.error_reply('token-refused too many') end
call('HSET', KEYS[1], ARGV[1], ARGV[2])
return call('RPUSH', KEYS[3], ARGV[4])
