#!lua
-- Fill: write the records of many voters at once, exactly as cast.lua leaves them, and count them.
--
-- KEYS 1 prefix of the voters' keys  2 prefix of the tallies' keys  3 voters (all in one slot)
-- ARGV 1 seed  2 voters  3 ballots of each  4 proposals  5 sources  6 hours since opening
-- Returns nothing of use.

local ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
-- Two thirds as chosen for the reader, a third not; plain votes, and some with one nuance.
local CODES = { 64, 64, 72, 72, 80, 65, 66, 74, 81, 32, 40, 48 }
local random, format = math.random, string.format
math.randomseed(tonumber(ARGV[1]))
local voters, votes, proposals, sources, hours = unpack(ARGV, 2)

local function pseudonym()
  local letters = {}
  for i = 1, 11 do
    local at = random(1, 64)
    letters[i] = ALPHABET:sub(at, at)
  end
  return table.concat(letters)
end

local tally, homes, records, held = {}, {}, {}, {}
for voter = 1, voters do
  local source = random(1, sources)
  records[voter], held[voter] = KEYS[1] .. pseudonym(), { source = source }
  homes[source] = (homes[source] or 0) + 1
  redis.call('SADD', records[voter], format('%.0f', -1 - source - 128 * random(0, hours)))
end
-- In turns, as people vote: so the server's memory is as scattered as it will be.
for _ = 1, votes do
  for voter = 1, voters do
    local seen, proposal = held[voter], nil
    repeat proposal = random(1, proposals) until not seen[proposal]
    seen[proposal] = true
    local ballot = proposal * 32768 + seen.source * 256 + CODES[random(1, #CODES)]
    tally[ballot] = (tally[ballot] or 0) + 1
    redis.call('SADD', records[voter], format('%.0f', ballot))
  end
end
for at, ballots in pairs(tally) do
  local stored = at % 32768
  local field = math.floor(stored / 256) .. '.' .. stored % 256
  redis.call('HINCRBY', KEYS[2] .. format('%.0f', math.floor(at / 32768)), field, ballots)
end
for source, number in pairs(homes) do redis.call('HINCRBY', KEYS[3], source, number) end
