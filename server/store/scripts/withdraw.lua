#!lua flags=allow-oom
-- Withdraw: take back one voter's ballot on one proposal. Allowed when memory is full.
--
-- KEYS as in cast.lua. ARGV 1 proposal  2 deadline (ms, this server's clock)  3 number or ''
-- Returns {old, ballots, home}; old is -1 where there was nothing to take back.
-- Errors: too-late, consultation-closed, superseded <newest number>.

local SOURCE_UNIT = 256
local LATE = 60 -- seconds
local RESERVED = { 's', 'g', 'n', 'm', 'k', 't' }
local voter, more = KEYS[1], KEYS[2]
local proposal = ARGV[1]

local time = redis.call('TIME')
if time[1] * 1000 + math.floor(time[2] / 1000) > tonumber(ARGV[2]) then
  return redis.error_reply('too-late the deadline has passed')
end
if redis.call('EXISTS', KEYS[7]) == 1 then
  return redis.error_reply('consultation-closed the box is sealed')
end

local record = redis.call('HMGET', voter, unpack(RESERVED))
local home, generation, newest = record[1], record[2], record[3]
local number = tonumber(ARGV[3])
if number and newest and number < tonumber(newest) then
  return redis.error_reply('superseded ' .. newest .. ' is newer')
end
if number then redis.call('HSET', voter, 'n', ARGV[3]) end
if not home then
  -- Overtaken by its own withdrawal, a first vote may still be on its way: remember the number
  -- for as long as a request can be late.
  if number then redis.call('EXPIRE', voter, LATE) end
  return { -1, 0, '0' }
end

local place = voter
local old = redis.call('HGET', voter, proposal)
if not old then
  place = more
  old = redis.call('HGET', more, proposal)
end

if old then
  local source = math.floor(old / SOURCE_UNIT)
  local field = (source == 0 and home or source) .. '.' .. old % SOURCE_UNIT
  local under_way = redis.call('GET', KEYS[8])
  local function take(key)
    if redis.call('HINCRBY', key, field, -1) == 0 then redis.call('HDEL', key, field) end
  end
  take(KEYS[3])
  if under_way and generation == under_way then take(KEYS[4]) end
  redis.call('HDEL', place, proposal)
  redis.call('ZADD', KEYS[5], redis.call('INCR', KEYS[6]), proposal)
end

local reserved = 0
for _, value in ipairs(redis.call('HMGET', voter, unpack(RESERVED))) do
  if value then reserved = reserved + 1 end
end
local ballots = redis.call('HLEN', voter) - reserved + redis.call('HLEN', more)
return { old and tonumber(old) or -1, ballots, home }
