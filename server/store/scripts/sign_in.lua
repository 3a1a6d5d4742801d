#!lua
-- Sign in: burn a link, once, and begin the session of the member it was made for.
--
-- KEYS 1 links  hash: digest of a link's secret -> "id end" (ms)
--      2 members  hash: id -> JSON
--      3 session  hash: member, epoch, began (ms), language; lives as long as the session
-- ARGV 1 digest of the link's secret  2 idle end (ms without a sign of life)  3 language
-- Returns the member's JSON.
-- Errors: link-invalid.

local call = redis.call

local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local found = call('HGET', KEYS[1], ARGV[1])
call('HDEL', KEYS[1], ARGV[1])
if not found then return redis.error_reply('link-invalid unknown, used or over') end
local id, ends = found:match('^(%S+) (%d+)$')
local member = call('HGET', KEYS[2], id)
if not member or tonumber(ends) <= now then return redis.error_reply('link-invalid unknown, used or over') end

local epoch = cjson.decode(member).epoch
local began = string.format('%.0f', now)
call('HSET', KEYS[3], 'member', id, 'epoch', epoch, 'began', began, 'language', ARGV[3])
call('PEXPIRE', KEYS[3], ARGV[2])
return member
