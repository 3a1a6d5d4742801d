#!lua flags=allow-oom
-- Withdraw: take back one voter's ballot on one proposal. Allowed when memory is full, and never
-- braked: to vote again costs what a vote costs.
--
-- KEYS as in cast.lua. ARGV 1 proposal  2 deadline (ms, this server's clock)  3 number or ''
-- Returns {old, ballots}; old is source x 256 + code, or -1 where there was nothing to take back.
-- Errors: too-late, consultation-closed, superseded <newest number>.

local PROPOSAL, SOURCE, GENERATION = 32768, 256, -268435456
local LATE = 120000 -- ms: how late a wish may come and still be known for an old one
local floor, max, call = math.floor, math.max, redis.call
local voter, more, pace, revision = KEYS[1], KEYS[2], KEYS[3], KEYS[7]
local proposal = tonumber(ARGV[1])

local time = call('TIME')
local now = time[1] * 1000 + floor(time[2] / 1000)
if now > tonumber(ARGV[2]) then return redis.error_reply('too-late the deadline has passed') end
local seal, under_way, last = unpack(call('MGET', KEYS[8], KEYS[9], pace))
if seal then return redis.error_reply('consultation-closed the box is sealed') end

local newest, busy_until = 0, 0
if last then
  local at = last:find(' ', 1, true)
  newest, busy_until = tonumber(last:sub(1, at - 1)), tonumber(last:sub(at + 1))
end
local number = tonumber(ARGV[3])
if number and number < newest then
  return redis.error_reply(string.format('superseded %.0f is newer', newest))
end
-- Also for a voter who is not there: overtaken by its own withdrawal, a first vote may come yet.
if number then
  local state = string.format('%.0f %.0f', number, busy_until)
  call('SET', pace, state, 'PX', floor(max(LATE, busy_until - now)))
end

local old, generation, here = -1, nil, 0
for _, member in ipairs(call('SMEMBERS', voter)) do
  local value = tonumber(member)
  if value > 0 then
    here = here + 1
    if floor(value / PROPOSAL) == proposal then old = value % PROPOSAL end
  elseif value <= GENERATION then
    generation = GENERATION - value
  end
end
local ballots = here + call('HLEN', more)
if old >= 0 then
  call('SREM', voter, string.format('%.0f', proposal * PROPOSAL + old))
elseif ballots > here then
  old = tonumber(call('HGET', more, proposal) or -1)
  if old >= 0 then call('HDEL', more, proposal) end
end

if old < 0 then
  call('INCRBY', revision, 0) -- as in cast.lua: who waits for the disk waits for this
  return { old, ballots }
end
local function take(key)
  local field = floor(old / SOURCE) .. '.' .. old % SOURCE
  if call('HINCRBY', key, field, -1) == 0 then call('HDEL', key, field) end
end
take(KEYS[4])
if generation and generation == tonumber(under_way) then take(KEYS[5]) end
call('ZADD', KEYS[6], call('INCR', revision), proposal)
return { old, ballots - 1 }
