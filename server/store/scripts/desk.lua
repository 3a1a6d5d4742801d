-- The desk: what all scripts of moderation begin with. `server/store/desk.py` puts it behind their
-- first line; it is no script of its own.
--
-- KEYS 1 proposed   hash: proposal -> JSON, of readers' proposals that wait or were refused, and of
--                   those taken from readers again
--      2 proposals  hash: proposal -> JSON, of those that staff accepted or brought
--      3 accepted   zset: proposal -> when it was accepted (ms)
--      4 version    (every process looks again when it has changed)
--      5 queue      zset: proposal that waits -> since when (ms); FAR + until when it is postponed
--      6 due        zset: proposal with a decision that can be undone -> when it takes effect (ms)
--      7 decided    hash: proposal -> JSON of the last decision
--      8 edits      hash: proposal -> JSON {to: text of a decision that is due, former: texts}
--      9 notes      hash: proposal -> JSON of a postponement
--     10 looking    hash: proposal -> "until by" of who looks at it
--     11 lately     zset: proposal -> when it was decided (ms), of the last hour
--     12 second     zset: proposal -> since when a second moderator is asked to judge it (ms)
--     13 acts       list: JSON of each act     14 acts-of  hash: proposal -> places in that list
--     15 indexed    hash: number, version: up to where the queue knows what waits; since, upto: of
--                   which versions `changes` tells all
--     16 tags       hash: proposal -> JSON list of labels
--     17 twins      hash: proposal -> the duplicates that it stands for
--     18 sampled    hash: proposal -> JSON of the verdict that a second moderator does not see
--     19 said       hash: digest of a text that was accepted -> proposal
--     20 changes    zset: proposal -> the version with which readers last saw it come or go
-- ARGV 1 deadline (ms, this server's clock)  2 who acts
--
-- A refusal is returned as {code, proposal, beside}. Errors: too-late.

local FAR = 1e15 -- beyond any instant: a postponed proposal is scored with this and its instant
local HOUR = 3600000
local KEPT = 1000 -- changes; who has seen none of the last thousand reads everything again
local call = redis.call
local proposed, proposals, accepted, version = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local queue, due, decided, edits, notes = KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local looking, lately, second, acts, acts_of = KEYS[10], KEYS[11], KEYS[12], KEYS[13], KEYS[14]
local indexed, tags, twins, sampled = KEYS[15], KEYS[16], KEYS[17], KEYS[18]
local said, changes = KEYS[19], KEYS[20]
local by = ARGV[2]

local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now > tonumber(ARGV[1]) then return redis.error_reply('too-late the deadline has passed') end
-- A restore gives a consultation its version last.
if call('EXISTS', version) == 0 then return redis.error_reply('too-late the store is not whole') end

-- The proposal's fields, its JSON, and the hash that has it. What was taken from readers again
-- lies in `proposed`, and `proposals` keeps a stand-in under its number.
local function find(id)
  local place, text = proposed, call('HGET', proposed, id)
  if not text then place, text = proposals, call('HGET', proposals, id) end
  if text then return cjson.decode(text), text, place end
end

local function read(key, id)
  local text = call('HGET', key, id)
  return text and cjson.decode(text) or nil, text
end

local function write(key, id, fields) call('HSET', key, id, cjson.encode(fields)) end

-- One line in the trail.
local function note(act)
  act.at, act.by = now, by
  local place = call('RPUSH', acts, cjson.encode(act)) - 1
  local before = call('HGET', acts_of, act.proposal)
  call('HSET', acts_of, act.proposal, (before and before .. ' ' or '') .. place)
end

-- Every process looks again, if readers see a proposal that they did not, or one no more: at those
-- alone, unless somebody raised the version without a word of what changed, as a process of before
-- does. The queue has nothing to look for.
local seen = {}
local function tell()
  if #seen == 0 then return end
  local last = call('GET', version)
  local fresh = call('INCR', version)
  if call('HGET', indexed, 'version') == last then call('HSET', indexed, 'version', fresh) end
  if call('HGET', indexed, 'upto') ~= last then
    call('DEL', changes)
    call('HSET', indexed, 'since', last)
  end
  call('HSET', indexed, 'upto', fresh)
  for _, id in ipairs(seen) do call('ZADD', changes, fresh, id) end
  local dropped = call('ZPOPMIN', changes, math.max(0, call('ZCARD', changes) - KEPT))
  if #dropped > 0 then call('HSET', indexed, 'since', dropped[#dropped]) end
end

-- A text that is not accepted any more may be accepted under another number.
local function unsay(id, digest)
  if digest and call('HGET', said, digest) == tostring(id) then call('HDEL', said, digest) end
end

-- The other one with this very text that is accepted, or about to be.
local function saying_so(id, digest)
  local other = digest and call('HGET', said, digest)
  if not other or tonumber(other) == tonumber(id) then return nil end
  local fields, decision = find(other), call('ZSCORE', due, other) and read(decided, other)
  local stands = fields and fields.state == 'accepted' or decision and decision.act == 'accept'
  return fields and stands and other or nil
end

-- Readers do not see it any more, its votes stay counted under its number.
local function withdraw(id, fields, decision)
  local stand_in = { text = decision.standIn, language = fields.language, state = 'refused' }
  stand_in.central = fields.central
  write(proposals, id, stand_in)
  fields.down = true
  unsay(id, fields.said)
  local last = read(decided, id) -- where a process of before let it take effect
  unsay(id, last and last.said)
  call('ZREM', accepted, id)
  seen[#seen + 1] = id
end

-- Readers see it, with the spelling that was decided on.
local function publish(id, fields, decision)
  local edit = read(edits, id)
  if edit and edit.to then
    fields.text, edit.to = edit.to, nil
    write(edits, id, edit)
  end
  fields.state, fields.at = 'accepted', nil
  if decision then fields.said = decision.said end
  if fields.said then call('HSETNX', said, fields.said, id) end
  call('HDEL', proposed, id)
  write(proposals, id, fields)
  call('ZADD', accepted, now, id)
  seen[#seen + 1] = id
end

-- One more duplicate of it.
local function list(into, id)
  local known = call('HGET', twins, into)
  call('HSET', twins, into, (known and known .. ' ' or '') .. id)
end

local function retire(id, fields, place, decision)
  if fields.state == 'accepted' then
    withdraw(id, fields, decision)
    place = proposed
  end
  fields.state = 'refused'
  fields.reason, fields.into = decision.reason, decision.into
  write(place, id, fields)
  if decision.into then list(decision.into, id) end
end

-- It waits where it stood; if it was postponed, it still is, with the word for colleagues.
local function await(id, decision)
  local postponed = decision.postponed
  if postponed then write(notes, id, postponed) end
  local since = decision.since or decision.at
  call('ZADD', queue, postponed and FAR + postponed['until'] or since, id)
end

-- What stood for a duplicate went with its author, at most a stand-in is left: the duplicate is as
-- if it had not been merged. It waits again since it first did, or readers see it again.
local function restore(id, fields, place, decision)
  local other = fields.down and saying_so(id, fields.said)
  if other then
    -- Somebody's that says the same was accepted meanwhile: readers have it already.
    fields.into = tonumber(other)
    write(place, id, fields)
    list(other, id)
    decision.into, decision.by, decision.at, decision.id = fields.into, by, now, nil
    write(decided, id, decision)
    return note({ act = 'merge', proposal = id, into = fields.into })
  end
  if fields.down then
    fields.down, fields.reason, fields.into = nil, nil, nil
    publish(id, fields)
  elseif fields.state ~= 'accepted' then
    fields.state, fields.at, fields.reason, fields.into = 'pending', fields.at or decision.since, nil, nil
    write(place, id, fields)
    await(id, decision)
  end
  call('ZREM', lately, id)
  write(decided, id, { act = 'undo', by = by, at = now })
  note({ act = 'undo', proposal = id })
end

local function stands(id)
  local fields = find(id)
  return fields and (fields.state ~= 'refused' or fields.reason)
end

-- A verdict to be judged again.
local function judged(decision)
  return { by = decision.by, verdict = decision.act == 'accept' and 'accept' or decision.reason }
end

-- Let a decision take effect, or an earlier merge that `forget_author` found without its target
-- come to nothing. The author of the proposal itself may have been forgotten meanwhile too.
local function apply(id)
  local decision = read(decided, id)
  local fields, _, place = find(id)
  id = tonumber(id)
  call('ZREM', due, id)
  if not fields or not decision then return end
  if decision.act == 'merge' and not stands(decision.into) then
    return restore(id, fields, place, decision)
  end
  if decision.act == 'accept' then
    publish(id, fields, decision)
  elseif decision.act == 'refuse' or decision.act == 'merge' then
    retire(id, fields, place, decision)
  else
    return -- somebody put it back or took it down since
  end
  if decision.sampled then
    call('ZADD', second, now, id)
    write(sampled, id, judged(decision))
  end
  decision.due, decision.sampled, decision.standIn, decision.said = nil, nil, nil, nil
  decision.postponed = nil
  if decision.act ~= 'merge' then decision.since = nil end
  write(decided, id, decision)
end

