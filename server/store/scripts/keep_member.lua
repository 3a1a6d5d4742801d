#!lua
-- Keep a member of staff as they are to be, unless somebody changed them meanwhile.
--
-- KEYS 1 members     hash: id -> JSON; `epoch` in it is that of the sessions that count
--      2 links       hash: digest of a link's secret -> "id end" (ms)
--      3 tokens      hash: digest -> JSON, `member` in it is an id
--      4 token-days  hash: digest -> the day of its last use
--      5 acts        list of "instant JSON"
-- ARGV 1 id  2 JSON as it was read ('' nobody)  3 JSON as it is to be ('' nobody)
--      4 the act, as the list keeps it  5 digest of a new link ('' none)  6 how long it lives (ms)
--
-- A new link replaces the member's older one, a new epoch ends it with the sessions; without the
-- member no link and no token stays.
-- Returns when the new link ends (ms), or 0.
-- Errors: changed-meanwhile.

local call = redis.call
local members, links, tokens = KEYS[1], KEYS[2], KEYS[3]
local id, becomes, link = ARGV[1], ARGV[3], ARGV[5]

local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if (call('HGET', members, id) or '') ~= ARGV[2] then
  return redis.error_reply('changed-meanwhile ' .. id)
end

local function epoch(text) return text ~= '' and cjson.decode(text).epoch end

if link ~= '' or epoch(ARGV[2]) ~= epoch(becomes) then
  local known = call('HGETALL', links)
  for i = 1, #known, 2 do
    local whose, ends = known[i + 1]:match('^(%S+) (%d+)$')
    if whose == id or tonumber(ends) <= now then call('HDEL', links, known[i]) end
  end
end
if becomes == '' then
  call('HDEL', members, id)
  local known = call('HGETALL', tokens)
  for i = 1, #known, 2 do
    if cjson.decode(known[i + 1]).member == id then
      call('HDEL', tokens, known[i])
      call('HDEL', KEYS[4], known[i])
    end
  end
else
  call('HSET', members, id, becomes)
end
call('RPUSH', KEYS[5], ARGV[4])
if link == '' then return 0 end
local ends = now + ARGV[6]
call('HSET', links, link, id .. ' ' .. string.format('%.0f', ends))
return ends
