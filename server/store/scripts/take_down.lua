#!lua flags=allow-oom
-- Take down: readers see a proposal no more, as soon as every process has looked again. Its votes
-- stay counted, apart, under its number. Also when memory is full.
--
-- ARGV 3 id of this act  4 proposal  5 reason  6 what stands in for its text
-- Returns {} or a refusal: not-published <decision>.

local this, id = ARGV[3], tonumber(ARGV[4])
local decision, decision_text = read(decided, id)
if decision and decision.id == this then return {} end
local fields, text = find(id)
if not fields or fields.state ~= 'accepted' then
  return { 'not-published', id, decision_text or '' }
end
local known = redis.sha1hex(text):sub(1, 12)
call('ZREM', due, id) -- somebody was about to merge it
retire(id, fields, proposed, { reason = ARGV[5], standIn = ARGV[6] })
call('HSET', decided, id, cjson.encode({
  id = this, act = 'take-down', by = by, at = now, version = known, reason = ARGV[5]
}))
note({ id = this, act = 'take-down', proposal = id, version = known, reason = ARGV[5] })
tell()
return {}
