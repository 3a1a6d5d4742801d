#!lua
-- Judge: decide proposals, all of them or none. A decision holds at once and takes effect when it
-- is due; until then readers and author see nothing of it. The same act twice is one.
--
-- ARGV 3 id of this act  4 hold (ms)  5 close (ms)
--      6... JSON of each verdict: proposal, act, version, reason, text, into, until, note, sampled,
--           standIn, said (digest of the text that is accepted)
-- Returns {} or a refusal: not-pending, already-decided <decision>, proposal-changed <version>,
--         merge-refused <target>, same-text <other>, consultation-closed.

local this, hold, close = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local verdicts, wanted = {}, {}
for i = 6, #ARGV do
  local verdict = cjson.decode(ARGV[i])
  verdicts[#verdicts + 1], wanted[verdict.proposal] = verdict, verdict
end

local function is_done(id)
  local decision, postponed = read(decided, id), read(notes, id)
  return decision and decision.id == this or postponed and postponed.id == this
end

-- It is published, or waits; and nobody has said, here or before, that it shall not be.
local function can_stand(id, other)
  local fields, decision = find(id), call('ZSCORE', due, id) and read(decided, id)
  if not fields or id == other or fields.state == 'refused' then return false end
  local meant = wanted[id] or decision
  return not meant or meant.act == 'accept' or meant.act == 'postpone'
end

-- The one with this very text that is accepted, or about to be, here or before. What a process of
-- before accepted or took in is not found: the moderator's page shows it all the same.
local saying = {}
local function same(verdict)
  local id, digest = verdict.proposal, verdict.said
  if not digest then return nil end
  local other = saying[digest]
  saying[digest] = id
  return other or saying_so(id, digest)
end

local function objection(verdict)
  local id = verdict.proposal
  local fields, text = find(id)
  if not fields then return { 'not-pending', id, '' } end
  local fits = fields.state == 'pending' or verdict.act == 'merge' and fields.state == 'accepted'
  if not fits or call('ZSCORE', due, id) then
    local decision = call('HGET', decided, id)
    return { decision and 'already-decided' or 'not-pending', id, decision or '' }
  end
  local current = redis.sha1hex(text):sub(1, 12)
  if verdict.version and verdict.version ~= current then
    return { 'proposal-changed', id, current }
  end
  if verdict.act == 'accept' and now + hold >= close then
    return { 'consultation-closed', id, '' }
  end
  if verdict.act == 'merge' and not can_stand(verdict.into, id) then
    return { 'merge-refused', id, tostring(verdict.into) }
  end
  local other = same(verdict)
  if other then return { 'same-text', id, tostring(other) } end
  verdict.version, verdict.since = current, fields.at
end

for i = #verdicts, 1, -1 do
  if is_done(verdicts[i].proposal) then
    table.remove(verdicts, i)
  else
    local refusal = objection(verdicts[i])
    if refusal then return refusal end
  end
end

local function postpone(verdict, since)
  local id = verdict.proposal
  call('ZADD', queue, FAR + verdict['until'], id)
  write(notes, id, {
    id = this, by = by, at = now, since = since, note = verdict.note, ['until'] = verdict['until']
  })
end

local function decide(verdict, since, postponed)
  local id = verdict.proposal
  local edit = read(edits, id) or {}
  if verdict.text then
    local former = edit.former or {}
    former[#former + 1] = { text = find(id).text, by = by, at = now }
    edit.to, edit.former = verdict.text, former
    write(edits, id, edit)
  end
  write(decided, id, {
    id = this, act = verdict.act, by = by, at = now, version = verdict.version, due = now + hold,
    reason = verdict.reason, into = verdict.into, edited = verdict.text and true or nil,
    since = since, sampled = verdict.sampled, standIn = verdict.standIn,
    said = verdict.said, postponed = postponed
  })
  if verdict.said then call('HSET', said, verdict.said, id) end
  call('ZADD', due, now + hold, id)
  call('ZREM', queue, id)
  call('HDEL', notes, id)
  call('ZADD', lately, now, id)
end

for _, verdict in ipairs(verdicts) do
  local id = verdict.proposal
  local postponed = read(notes, id)
  local score = tonumber(call('ZSCORE', queue, id) or verdict.since or now)
  local since = postponed and postponed.since or score
  if verdict.act == 'postpone' then postpone(verdict, since) else decide(verdict, since, postponed) end
  call('HDEL', looking, id)
  note({
    id = this, act = verdict.act, proposal = id, version = verdict.version, reason = verdict.reason,
    into = verdict.into, edited = verdict.text and true or nil, ['until'] = verdict['until']
  })
end
call('ZREMRANGEBYSCORE', lately, '-inf', now - HOUR)
if hold == 0 then
  for _, verdict in ipairs(verdicts) do
    if verdict.act ~= 'postpone' then apply(verdict.proposal) end
  end
  tell()
end
return {}
