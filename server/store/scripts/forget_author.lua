#!lua flags=allow-oom
-- Forget an author: what they proposed and nobody has published goes; what was published stays,
-- without name and age. Also when memory is full.
--
-- KEYS 1 author  2 proposed  3 proposals  5 purge  6 version, as in propose.lua
--      7 indexed   8 edits   what staff hold of each proposal: 9 queue  10 due  11 second (zsets)
--      12 decided  13 notes  14 looking  15 tags  16 sampled (hashes), as in desk.lua
--      17 authors (hash: proposal -> mark)  18 twins (hash: proposal -> its duplicates)
--      19 acts  20 acts-of  21 said, as in desk.lua
-- ARGV 1 deadline (ms, this server's clock)  2 number of the wish or ''
-- Returns how many proposals are gone.
-- Errors: too-late.

local LATE = 120000 -- ms: how late a proposal may come and still be known for an old one
local call = redis.call
local author, proposed, proposals, edits = KEYS[1], KEYS[2], KEYS[3], KEYS[8]

local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now > tonumber(ARGV[1]) then return redis.error_reply('too-late the deadline has passed') end
if call('EXISTS', KEYS[6]) == 0 then return redis.error_reply('too-late the store is not whole') end

-- The trail keeps who decided what, and on which version: a digest, by which a short text, or the
-- name and age under a published one, could be guessed.
local function blur(name)
  local text = call('HGET', KEYS[12], name)
  local decision = text and cjson.decode(text)
  if decision and (decision.version or decision.postponed) then
    decision.version, decision.postponed = nil, nil
    call('HSET', KEYS[12], name, cjson.encode(decision))
  end
  for place in (call('HGET', KEYS[20], name) or ''):gmatch('%d+') do
    local act = cjson.decode(call('LINDEX', KEYS[19], place))
    if act.version then
      act.version = nil
      call('LSET', KEYS[19], place, cjson.encode(act))
    end
  end
end

local function put_away(name)
  local text = call('HGET', KEYS[12], name)
  local digest = text and cjson.decode(text).said
  if digest and call('HGET', KEYS[21], digest) == name then call('HDEL', KEYS[21], digest) end
  for i = 9, 11 do call('ZREM', KEYS[i], name) end
  for i = 12, 16 do call('HDEL', KEYS[i], name) end
end

-- A duplicate follows the one that stands for it. What waited leaves it to be judged by itself:
-- `settle` does that, as with a merge that is due. A decision on it goes over to its duplicates.
-- Those that a process of before merged in the minute of a new release are not listed.
local function leave(name, fields)
  local twins = call('HGET', KEYS[18], name) or ''
  for twin in twins:gmatch('%d+') do
    local place = call('HEXISTS', proposed, twin) == 1 and proposed or proposals
    local text = call('HGET', place, twin)
    local theirs = text and cjson.decode(text)
    if theirs and theirs.state == 'refused' and theirs.into == tonumber(name) then
      if fields.state == 'pending' then
        call('ZADD', KEYS[10], now, twin)
      else
        theirs.reason, theirs.into = fields.reason, fields.into
        call('HSET', place, twin, cjson.encode(theirs))
        local beside = fields.into and call('HGET', KEYS[18], fields.into)
        if fields.into then
          call('HSET', KEYS[18], fields.into, (beside and beside .. ' ' or '') .. twin)
        end
      end
    end
  end
  call('HDEL', KEYS[18], name)
end

local gone, changed = 0, false
for _, name in ipairs(call('HKEYS', author)) do
  if tonumber(name) then
    local text = call('HGET', proposed, name)
    if text then
      call('HDEL', proposed, name)
      gone = gone + 1
      leave(name, cjson.decode(text))
      put_away(name)
    end
    blur(name)
    call('HDEL', KEYS[17], name)
    call('HDEL', edits, name) -- how it was written before staff mended it
    local published = call('HGET', proposals, name)
    local fields = published and cjson.decode(published)
    if fields and (fields.author or fields.age) then
      fields.author, fields.age = nil, nil
      call('HSET', proposals, name, cjson.encode(fields))
      changed = true
    end
  end
end
if changed then
  local last = call('GET', KEYS[6])
  local fresh = call('INCR', KEYS[6])
  -- As in desk.lua: nothing waits that did not.
  if call('HGET', KEYS[7], 'version') == last then call('HSET', KEYS[7], 'version', fresh) end
end
call('DEL', author)
if ARGV[2] ~= '' and call('EXISTS', KEYS[5]) == 0 then
  call('HSET', author, 'forgotten', ARGV[2])
  call('PEXPIRE', author, LATE)
end
call('INCRBY', KEYS[6], 0) -- as in cast.lua: who waits for the disk waits for this
return gone
