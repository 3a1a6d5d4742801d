#!lua
-- Undo: take back one decision that has not taken effect yet, or a postponement: of all proposals
-- that it was on in one act, of those among them where it still can be. It names the decision, so
-- a page that is old by now takes back nothing that somebody decided since.
--
-- ARGV 3 id of this act  4 id of the decision that is meant  5... proposals
-- Returns {refusal or {}, {proposals where it could not be}}; if it could be nowhere, nothing is
-- done. Refusals: undo-too-late <decision>, decision-replaced <decision>.

local this, meant = ARGV[3], ARGV[4]

-- What was decided on it last.
local function last(id)
  local postponed = read(notes, id)
  if postponed and tonumber(call('ZSCORE', queue, id) or 0) >= FAR then
    return { id = postponed.id, act = 'postpone', by = postponed.by, at = postponed.at,
             since = postponed.since, open = true }
  end
  local decision = read(decided, id)
  if decision then decision.open = decision.due and call('ZSCORE', due, id) end
  return decision
end

-- Asked for again, by who did it: the answer was lost.
local function is_done(decision)
  return decision and decision.act == 'undo' and decision.of == meant and decision.by == by
end

local function refusal(id, decision)
  local code = decision and decision.id ~= meant and 'decision-replaced' or 'undo-too-late'
  return { code, id, decision and cjson.encode(decision) or '' }
end

local function undo(id, decision)
  if decision.act == 'postpone' then
    call('HDEL', notes, id)
  else
    call('ZREM', due, id)
    call('ZREM', lately, id)
    unsay(id, decision.said)
    local edit = read(edits, id)
    if edit and edit.to then
      edit.to = nil
      table.remove(edit.former)
      if #edit.former > 0 then write(edits, id, edit) else call('HDEL', edits, id) end
    end
  end
  local fields = find(id)
  -- A duplicate that was published already, and one whose author was forgotten, wait for nobody.
  if fields and fields.state == 'pending' then await(id, decision) end
  write(decided, id, { id = this, act = 'undo', by = by, at = now, of = meant })
  note({ id = this, act = 'undo', proposal = id })
end

local wanted, left, done, objection = {}, {}, 0, nil
for i = 5, #ARGV do
  local id = tonumber(ARGV[i])
  local decision = last(id)
  if is_done(decision) then
    done = done + 1
  elseif decision and decision.id == meant and decision.open then
    wanted[#wanted + 1] = { id, decision }
  else
    left[#left + 1] = id
    objection = objection or refusal(id, decision)
  end
end
if #wanted + done == 0 then return { objection or {}, left } end
for _, one in ipairs(wanted) do undo(one[1], one[2]) end
return { {}, left }
