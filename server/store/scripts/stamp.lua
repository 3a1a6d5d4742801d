#!lua
-- Stamp: add one voter's ballots to the shadow tallies of a recount, once, and mark the record.
-- From then on every script that changes this voter's ballots changes the shadow too.
--
-- KEYS 1 recount  2 voter  3 more  4... shadow of each proposal that the voter was seen to hold
-- ARGV 1 generation  2... those proposals, in the order of their shadows
-- Returns 1 when done, 0 when the voter holds another proposal by now: read again and call again.
-- Errors: recount-replaced (another recount has begun).

local SOURCE_UNIT = 256
local generation = ARGV[1]
if redis.call('GET', KEYS[1]) ~= generation then
  return redis.error_reply('recount-replaced another recount has begun')
end
local record = redis.call('HMGET', KEYS[2], 's', 'g')
local home = record[1]
if not home or record[2] == generation then return 1 end

local shadows = {}
for i = 2, #ARGV do shadows[ARGV[i]] = KEYS[i + 2] end

local ballots = {}
for _, key in ipairs({ KEYS[2], KEYS[3] }) do
  local fields = redis.call('HGETALL', key)
  for i = 1, #fields, 2 do
    if tonumber(fields[i]) then
      if not shadows[fields[i]] then return 0 end
      ballots[fields[i]] = tonumber(fields[i + 1])
    end
  end
end
for proposal, stored in pairs(ballots) do
  local source = math.floor(stored / SOURCE_UNIT)
  local field = (source == 0 and home or source) .. '.' .. stored % SOURCE_UNIT
  redis.call('HINCRBY', shadows[proposal], field, 1)
end
redis.call('HSET', KEYS[2], 'g', generation)
return 1
