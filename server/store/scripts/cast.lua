#!lua
-- Cast: state the ballot one voter wants on one proposal. Says the same twice, changes nothing.
--
-- KEYS 1 voter    hash: proposal -> stored ballot; s home source, m hour of creation since opening,
--                 n newest number, g recount generation (k cohort and t brake state are reserved)
--      2 more     hash: the ballots of an avid voter beyond the first 480
--      3 tally    hash: "source.code" -> number of ballots that hold exactly that code
--      4 shadow   hash: the same, as a recount that is under way has it
--      5 changed  zset: proposal -> revision of its last change
--      6 revision counter     7 seal     8 recount (generation under way, if any)
--      9 voters   counter of voter records
-- ARGV 1 proposal  2 wish (vote and qualifications, 0-31)  3 trust (0-2)
--      4 'first' if that trust is only for a voter who is new here, else ''
--      5 source number  6 deadline (ms, this server's clock)  7 number of the wish or ''
--      8 hour since opening  9 'deck' to be told which proposals this voter has voted on, else ''
--
-- A stored ballot is its code (0-255), plus 256 x source if the source is not the voter's home.
--
-- Returns {old, new, revision of the proposal's last change before, revision now, ballots, home,
-- {proposals voted on}}; old is -1 where there was none.
-- Errors: too-late, consultation-closed, superseded <newest number>.

local FULL = 480
local TRUST_UNIT, SOURCE_UNIT, TRUSTED = 32, 256, 1
local RESERVED = { 's', 'g', 'n', 'm', 'k', 't' }

local voter, more, tally, shadow, changed, revision = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local proposal, wish, trust, source = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[5])

local time = redis.call('TIME')
if time[1] * 1000 + math.floor(time[2] / 1000) > tonumber(ARGV[6]) then
  return redis.error_reply('too-late the deadline has passed')
end
if redis.call('EXISTS', KEYS[7]) == 1 then
  return redis.error_reply('consultation-closed the box is sealed')
end

local record = redis.call('HMGET', voter, unpack(RESERVED))
local home, generation, newest = record[1], record[2], record[3]
local number = tonumber(ARGV[7])
if number and newest and number < tonumber(newest) then
  return redis.error_reply('superseded ' .. newest .. ' is newer')
end

local under_way = redis.call('GET', KEYS[8])
local created = not home
if created then
  home = ARGV[5]
  generation = under_way
  redis.call('HSET', voter, 's', home, 'm', ARGV[8])
  redis.call('PERSIST', voter) -- a withdrawal that came first had left a number for a minute
  if under_way then redis.call('HSET', voter, 'g', under_way) end
  redis.call('INCR', KEYS[9])
end
if number then redis.call('HSET', voter, 'n', ARGV[7]) end

local reserved = 0
for _, value in ipairs(redis.call('HMGET', voter, unpack(RESERVED))) do
  if value then reserved = reserved + 1 end
end
local here = redis.call('HLEN', voter) - reserved

local place = voter
local old = redis.call('HGET', voter, proposal)
if not old then
  -- A withdrawal may have made room in the first record while this ballot is in the second.
  old = redis.call('HGET', more, proposal)
  if old or here >= FULL then place = more end
end
old = old and tonumber(old) or -1

local function field(stored)
  local of = math.floor(stored / SOURCE_UNIT)
  return (of == 0 and home or of) .. '.' .. stored % SOURCE_UNIT
end

local code
if old >= 0 then
  -- A changed ballot keeps the trust it earned, and its quarantine.
  local kept = old % SOURCE_UNIT
  code = wish + kept - kept % TRUST_UNIT
else
  if ARGV[4] == 'first' and not created then trust = TRUSTED end
  code = wish + trust * TRUST_UNIT
end
local new = source == tonumber(home) and code or code + source * SOURCE_UNIT

local before = redis.call('ZSCORE', changed, proposal)
local now
if new == old then
  now = redis.call('GET', revision)
else
  local stamped = under_way and generation == under_way
  local function move(key)
    if old >= 0 and redis.call('HINCRBY', key, field(old), -1) == 0 then
      redis.call('HDEL', key, field(old))
    end
    redis.call('HINCRBY', key, field(new), 1)
  end
  move(tally)
  if stamped then move(shadow) end
  redis.call('HSET', place, proposal, new)
  now = redis.call('INCR', revision)
  redis.call('ZADD', changed, now, proposal)
end

local ballots = redis.call('HLEN', voter) - reserved + redis.call('HLEN', more)
local voted = {}
if ARGV[9] == 'deck' then
  for _, key in ipairs({ voter, more }) do
    for _, name in ipairs(redis.call('HKEYS', key)) do
      if tonumber(name) then voted[#voted + 1] = name end
    end
  end
end
return { old, new, before or '0', now or '0', ballots, home, voted }
