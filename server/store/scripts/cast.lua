#!lua
-- Cast: state the ballot one voter wants on one proposal. Says the same twice, changes nothing.
--
-- KEYS 1 voter    set of integers, each a ballot or, below zero, a mark; see data-model.md
--      2 more     hash: proposal -> source x 256 + code, the ballots beyond the first 480
--      3 pace     string: newest number and brake state, for as long as either can matter
--      4 tally    hash: "source.code" -> number of ballots that hold exactly that code
--      5 shadow   hash: the same, as a recount that is under way has it
--      6 changed  zset: proposal -> revision of its last change
--      7 revision counter     8 seal
--      9 recount  generation under way, if any; negative while old shadows are cleared
--     10 voters   hash: home source -> voter records
--     11 shadow voters        the same, as a recount that is under way has it
-- ARGV 1 proposal  2 wish (vote and qualifications, 0-31)  3 trust (0-2)
--      4 'first' if that trust is only for a voter who is new here, else ''
--      5 source number  6 deadline (ms, this server's clock)  7 number of the wish or ''
--      8 opening (ms)  9 'deck' to be told which proposals this voter has voted on, else ''
--     10 step (ms from one new ballot to the next that the brake lets pass for ever, 0 for none)
--     11 burst (new ballots that it lets pass at once)
--
-- The brake is GCRA, its state the theoretical arrival time (ms). A new ballot costs a step,
-- another vote or nuance on the same proposal a quarter of one, the same again nothing.
--
-- Returns {old, new, revision of the proposal's last change before, revision now, ballots,
-- {proposals voted on}}; old and new are source x 256 + code, old is -1 where there was none.
-- Errors: too-late, consultation-closed, superseded <newest number>, slow-down <milliseconds>.

local FULL, PROPOSAL, SOURCE, TRUST, TRUSTED = 480, 32768, 256, 32, 1
local GENERATION, BIRTH_HOUR = -268435456, 128
local LATE = 120000 -- ms: how late a wish may come and still be known for an old one
local floor, max, call = math.floor, math.max, redis.call
local voter, more, pace, revision = KEYS[1], KEYS[2], KEYS[3], KEYS[7]
local proposal, wish, trust, source = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[5]

local time = call('TIME')
local now = time[1] * 1000 + floor(time[2] / 1000)
if now > tonumber(ARGV[6]) then return redis.error_reply('too-late the deadline has passed') end
local seal, under_way, last = unpack(call('MGET', KEYS[8], KEYS[9], pace))
if seal then return redis.error_reply('consultation-closed the box is sealed') end
under_way = under_way and tonumber(under_way) > 0 and tonumber(under_way)

local newest, busy_until = 0, 0
if last then
  local at = last:find(' ', 1, true)
  newest, busy_until = tonumber(last:sub(1, at - 1)), tonumber(last:sub(at + 1))
end
local number = tonumber(ARGV[7])
if number and number < newest then
  return redis.error_reply(string.format('superseded %.0f is newer', newest))
end

local old, place, home, generation, here = -1, voter, nil, nil, 0
local voted = {}
for i, member in ipairs(call('SMEMBERS', voter)) do
  local value = tonumber(member)
  if value > 0 then
    here = here + 1
    voted[here] = floor(value / PROPOSAL)
    if voted[here] == proposal then old = value % PROPOSAL end
  elseif value > GENERATION then
    home = (-1 - value) % BIRTH_HOUR
  else
    generation = GENERATION - value
  end
end
-- A withdrawal may have made room in the first record while this ballot is in the second.
local beyond = call('HLEN', more)
if old < 0 and beyond > 0 then
  old = tonumber(call('HGET', more, proposal) or -1)
  if old >= 0 then place = more end
end

local code
if old >= 0 then
  -- A changed ballot keeps the trust it earned, and its quarantine.
  local kept = old % SOURCE
  code = wish + kept - kept % TRUST
else
  if ARGV[4] == 'first' and home then trust = TRUSTED end
  code = wish + trust * TRUST
end
local new = source * SOURCE + code

local step = tonumber(ARGV[10])
local cost = old < 0 and step or new ~= old and step / 4 or 0
-- To be told the same again is free, but not the list of what this voter has voted on.
if cost == 0 and ARGV[9] == 'deck' then cost = step * (0.25 + (here + beyond) / 2000) end
if cost > 0 then
  busy_until = max(busy_until, now) + cost
  local wait = busy_until - now - ARGV[11] * step
  if wait > 0 then return redis.error_reply('slow-down ' .. math.ceil(wait)) end
end
if number or step > 0 then
  local state = string.format('%.0f %.0f', max(newest, number or 0), busy_until)
  call('SET', pace, state, 'PX', floor(max(LATE, busy_until - now)))
end

if not home then
  local hour = max(0, floor((now - ARGV[8]) / 3600000))
  call('SADD', voter, string.format('%.0f', -1 - source - BIRTH_HOUR * hour))
  call('HINCRBY', KEYS[10], source, 1)
  if under_way then
    generation = under_way
    call('SADD', voter, string.format('%.0f', GENERATION - under_way))
    call('HINCRBY', KEYS[11], source, 1)
  end
end

local before, after = call('ZSCORE', KEYS[6], proposal) or '0', nil
if new == old then
  -- Written all the same: who waits for disk or replicas then waits for the earlier wish too.
  after = call('INCRBY', revision, 0)
else
  local function field(stored) return floor(stored / SOURCE) .. '.' .. stored % SOURCE end
  local function move(key)
    if old >= 0 and call('HINCRBY', key, field(old), -1) == 0 then call('HDEL', key, field(old)) end
    call('HINCRBY', key, field(new), 1)
  end
  move(KEYS[4])
  if under_way and generation == under_way then move(KEYS[5]) end
  if old < 0 and here >= FULL then place = more end
  if place == more then
    call('HSET', more, proposal, new)
  else
    local function member(stored) return string.format('%.0f', proposal * PROPOSAL + stored) end
    if old >= 0 then call('SREM', voter, member(old)) end
    call('SADD', voter, member(new))
  end
  if old < 0 then
    if place == more then beyond = beyond + 1 else here = here + 1 end
  end
  after = call('INCR', revision)
  call('ZADD', KEYS[6], after, proposal)
end

if ARGV[9] ~= 'deck' then return { old, new, before, after, here + beyond, {} } end
if beyond > 0 then
  for _, name in ipairs(call('HKEYS', more)) do voted[#voted + 1] = tonumber(name) end
end
if old < 0 and place == voter then voted[#voted + 1] = proposal end
return { old, new, before, after, here + beyond, voted }
