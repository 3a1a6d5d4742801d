#!lua
-- Brake a look at what is similar: it costs the service more than most requests do.
--
-- KEYS 1 asking  string: state of the brake on one network, for as long as it matters
-- ARGV 1 deadline (ms, this server's clock)  2 step (ms)  3 burst
-- Returns 1. Errors: too-late, slow-down <milliseconds>.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now > tonumber(ARGV[1]) then return redis.error_reply('too-late the deadline has passed') end
local crowded_until = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now) + ARGV[2]
local wait = crowded_until - now - ARGV[3] * ARGV[2]
if wait > 0 then return redis.error_reply('slow-down ' .. math.ceil(wait)) end
local state = string.format('%.0f', crowded_until)
redis.call('SET', KEYS[1], state, 'PX', math.ceil(crowded_until - now))
return 1
