#!lua flags=allow-oom
-- Forget: withdraw some of one voter's ballots, and with the last of them the whole record.
-- Called until nothing is left. Allowed when memory is full.
--
-- KEYS 1 voter  2 more  3 pace  4 changed  5 revision counter  6 seal  7 recount  8 voters
--      9 shadow voters  10... tally and shadow of each proposal named, in turn
-- ARGV 1 deadline (ms, this server's clock)  2 number or ''  3... proposals
-- Returns {ballots withdrawn, ballots left}.
-- Errors: too-late, consultation-closed, superseded <newest number>.

local PROPOSAL, SOURCE, GENERATION, BIRTH_HOUR = 32768, 256, -268435456, 128
local LATE = 120000 -- ms: how late a wish may come and still be known for an old one
local floor, max, call = math.floor, math.max, redis.call
local voter, more, pace, revision = KEYS[1], KEYS[2], KEYS[3], KEYS[5]

local time = call('TIME')
local now = time[1] * 1000 + floor(time[2] / 1000)
if now > tonumber(ARGV[1]) then return redis.error_reply('too-late the deadline has passed') end
local seal, under_way, last = unpack(call('MGET', KEYS[6], KEYS[7], pace))
if seal then return redis.error_reply('consultation-closed the box is sealed') end

local newest, busy_until = 0, 0
if last then
  local at = last:find(' ', 1, true)
  newest, busy_until = tonumber(last:sub(1, at - 1)), tonumber(last:sub(at + 1))
end
local number = tonumber(ARGV[2])
if number and number < newest then
  return redis.error_reply(string.format('superseded %.0f is newer', newest))
end
if number then
  local state = string.format('%.0f %.0f', number, busy_until)
  call('SET', pace, state, 'PX', floor(max(LATE, busy_until - now)))
end

local home, generation, held = nil, nil, {}
for _, member in ipairs(call('SMEMBERS', voter)) do
  local value = tonumber(member)
  if value > 0 then
    held[floor(value / PROPOSAL)] = value % PROPOSAL
  elseif value > GENERATION then
    home = (-1 - value) % BIRTH_HOUR
  else
    generation = GENERATION - value
  end
end
local stamped = generation and generation == tonumber(under_way)

local function take(key, field)
  if call('HINCRBY', key, field, -1) == 0 then call('HDEL', key, field) end
end

local withdrawn = 0
for i = 3, #ARGV do
  local proposal, tally, shadow = tonumber(ARGV[i]), KEYS[2 * i + 4], KEYS[2 * i + 5]
  local old = held[proposal]
  if old then
    call('SREM', voter, string.format('%.0f', proposal * PROPOSAL + old))
  else
    old = tonumber(call('HGET', more, proposal) or nil)
    if old then call('HDEL', more, proposal) end
  end
  if old then
    local field = floor(old / SOURCE) .. '.' .. old % SOURCE
    take(tally, field)
    if stamped then take(shadow, field) end
    call('ZADD', KEYS[4], call('INCR', revision), proposal)
    withdrawn = withdrawn + 1
  end
end

local marks = (home and 1 or 0) + (generation and 1 or 0)
local left = call('SCARD', voter) - marks + call('HLEN', more)
if left == 0 and home then
  call('DEL', voter)
  take(KEYS[8], home)
  if stamped then take(KEYS[9], home) end
end
call('INCRBY', revision, 0) -- as in cast.lua: who waits for the disk waits for this
return { withdrawn, left }
