#!lua
-- Propose: keep a reader's proposal until staff decide on it. Says the same twice, keeps one.
--
-- KEYS 1 author    hash: proposal -> "number likeness" of each they made; `brake`, its state;
--                  `forgotten`, the number of their wish to be forgotten, for two minutes
--      2 proposed  hash: proposal -> JSON, of those that wait or were refused
--      3 proposals hash: proposal -> JSON, of those that staff accepted or brought
--      4 proposal-number counter   5 purge   6 version
--      7 place    string: state of the brake on one network, for as long as it matters
--      8 authors  hash: proposal -> a mark of its author, who is met once in a deck
-- ARGV 1 JSON  2 number of the wish  3 likeness (texts that read alike have the same)
--      4 deadline (ms, this server's clock)  5 end of proposing (ms): the close, or earlier
--      6 step (ms from one proposal to the next that the brake lets pass for ever)
--      7 burst (proposals it lets pass at once)  8 the most kept in `proposed`
--      9 step and 10 burst of the network's brake   11 the author's mark
--
-- The brakes are GCRA, as in cast.lua: one holds an author, the other everybody on one network,
-- where anybody may begin anew as another author. A proposal made before is found by its number
-- (a reply that was lost) or its likeness, and costs nothing.
--
-- Returns {id, JSON as it is kept}, or {0, ''} if the counter has to be set first.
-- Errors: too-late, ballots-destroyed, consultation-closed, superseded <number>,
--         slow-down <milliseconds>.

local HOUR = 3600000
local max, call = math.max, redis.call
local author, proposed, proposals, counter, place = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[7]
local number, likeness = ARGV[2], ARGV[3]

local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now > tonumber(ARGV[4]) then return redis.error_reply('too-late the deadline has passed') end
if call('EXISTS', KEYS[5]) == 1 then return redis.error_reply('ballots-destroyed nobody is known here') end
-- A restore gives a consultation its version last.
if call('EXISTS', KEYS[6]) == 0 then return redis.error_reply('too-late the store is not whole') end

local busy_until = 0
local made = call('HGETALL', author)
for i = 1, #made, 2 do
  local name, value = made[i], made[i + 1]
  if name == 'brake' then
    busy_until = tonumber(value)
  elseif name == 'forgotten' then
    if tonumber(number) <= tonumber(value) then return redis.error_reply('superseded ' .. value) end
  else
    local at = value:find(' ', 1, true)
    if value:sub(1, at - 1) == number or value:sub(at + 1) == likeness then
      call('HSET', author, name, value) -- as in cast.lua: who waits for the disk waits for the first
      return { tonumber(name), call('HGET', proposed, name) or call('HGET', proposals, name) or '' }
    end
  end
end

if now >= tonumber(ARGV[5]) then return redis.error_reply('consultation-closed the time is over') end
busy_until = max(busy_until, now) + ARGV[6]
local crowded_until = max(tonumber(call('GET', place) or 0), now) + ARGV[9]
local wait = max(busy_until - now - ARGV[7] * ARGV[6], crowded_until - now - ARGV[10] * ARGV[9])
if wait > 0 then return redis.error_reply('slow-down ' .. math.ceil(wait)) end
if call('HLEN', proposed) >= tonumber(ARGV[8]) then return redis.error_reply('slow-down ' .. HOUR) end

-- Where those of the file end is looked up once, by the caller: here it would hold up the voters.
local id
if call('EXISTS', counter) == 0 then return { 0, '' } end
repeat
  id = call('INCR', counter)
until call('HEXISTS', proposals, id) == 0 and call('HEXISTS', proposed, id) == 0
call('HSET', proposed, id, ARGV[1])
call('HSET', KEYS[8], id, ARGV[11])
call('HSET', author, id, number .. ' ' .. likeness, 'brake', string.format('%.0f', busy_until))
call('PERSIST', author)
call('SET', place, string.format('%.0f', crowded_until), 'PX', math.ceil(crowded_until - now))
call('HDEL', author, 'forgotten')
return { id, ARGV[1] }
