#!lua
-- Put back: readers see again what was taken from them, with the votes it had.
--
-- ARGV 3 id of this act  4 proposal  5 digest of its text
-- Returns {} or a refusal: not-published <decision>, same-text <other>.

local this, id = ARGV[3], tonumber(ARGV[4])
local decision, decision_text = read(decided, id)
if decision and decision.id == this then return {} end
local fields = find(id)
if not fields or not fields.down then return { 'not-published', id, decision_text or '' } end
local other = saying_so(id, ARGV[5])
if other then return { 'same-text', id, tostring(other) } end
fields.said = ARGV[5] ~= '' and ARGV[5] or nil
call('ZREM', due, id) -- what it was merged into has gone, and it was to come back by itself
fields.down, fields.reason, fields.into = nil, nil, nil
publish(id, fields)
write(decided, id, { id = this, act = 'put-back', by = by, at = now })
note({ id = this, act = 'put-back', proposal = id })
tell()
return {}
