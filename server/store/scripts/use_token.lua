#!lua
-- Use a token: find it and its member, and note the day.
--
-- KEYS 1 tokens  hash: digest -> JSON      2 members  hash: id -> JSON
--      3 token-days  hash: digest -> the day of its last use
-- ARGV 1 digest  2 today
-- Returns {the token's JSON, the member's JSON}, or {} if it is unknown or over.

local call = redis.call

local token = call('HGET', KEYS[1], ARGV[1])
if not token then return {} end
local said = cjson.decode(token)
local time = call('TIME')
local member = call('HGET', KEYS[2], said.member)
if not member or said.ends <= time[1] * 1000 then return {} end
if call('HGET', KEYS[3], ARGV[1]) ~= ARGV[2] then call('HSET', KEYS[3], ARGV[1], ARGV[2]) end
return { token, member }
