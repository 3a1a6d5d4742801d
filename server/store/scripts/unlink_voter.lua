#!lua flags=allow-oom
-- Unlink a voter: after the seal the ballots stand, and only the way to them is forgotten. The
-- record gets a fresh random name, and what could tell when or where it was made is dropped.
--
-- KEYS 1 voter  2 more  3 the same under the new name: voter  4 more  5 pace  6 seal  7 recount
--      8 revision counter
-- Returns 1 when done, 0 if there is no such voter (any more), -1 if the new name is another
-- voter's already, or {the generation of a recount under way} that has not counted this record yet:
-- stamp it first, or it may be counted twice.
-- Errors: not-sealed.

local GENERATION, BIRTH_HOUR = -268435456, 128
local call = redis.call

-- In a store that is being restored a seal is no number.
local seal = tonumber(call('GET', KEYS[6]) or '')
if not seal then return redis.error_reply('not-sealed the box takes votes') end
call('INCRBY', KEYS[8], 0) -- as in cast.lua: who waits for the disk waits for this
if seal < 0 then return 0 end -- retired: all records are being destroyed

local birth, generation
for _, member in ipairs(call('SMEMBERS', KEYS[1])) do
  local value = tonumber(member)
  if value <= GENERATION then
    generation = GENERATION - value
  elseif value < 0 then
    birth = value
  end
end
if not birth then return 0 end
local under_way = tonumber(call('GET', KEYS[7]) or 0)
if under_way > 0 and generation ~= under_way then return { under_way } end

if call('EXISTS', KEYS[3], KEYS[4]) > 0 then return -1 end
local hourless = -1 - (-1 - birth) % BIRTH_HOUR
call('SREM', KEYS[1], string.format('%.0f', birth))
call('SADD', KEYS[1], string.format('%.0f', hourless))
call('DEL', KEYS[5])
call('RENAMENX', KEYS[1], KEYS[3])
if call('EXISTS', KEYS[2]) == 1 then call('RENAMENX', KEYS[2], KEYS[4]) end
return 1
