#!lua
-- Judge again: keep what a second moderator makes of a proposal, blind. It changes no decision.
-- The verdict of the first counts, whatever came after it: what was put right later is what two
-- would have disagreed on. A process of before kept only the last decision.
--
-- KEYS 21 agreement  hash: "verdict judged" and "verdict agreed" -> how often
-- ARGV 3 proposal  4 the second verdict: 'accept' or a reason
-- Returns {} or a refusal: not-sampled.

local id = ARGV[3]
local decision = read(decided, id)
local first = read(sampled, id)
if not first and decision and (decision.act == 'accept' or decision.act == 'refuse') then
  first = judged(decision)
end
if decision and decision.second == by .. ' ' .. ARGV[4] then return {} end
if not decision or not first then
  call('ZREM', second, id)
  return { 'not-sampled', tonumber(id), '' }
end
if first.by == by or decision.by == by or call('ZREM', second, id) == 0 then
  return { 'not-sampled', tonumber(id), '' }
end
call('HDEL', sampled, id)
call('HINCRBY', KEYS[21], first.verdict .. ' judged', 1)
if first.verdict == ARGV[4] then call('HINCRBY', KEYS[21], first.verdict .. ' agreed', 1) end
decision.second = by .. ' ' .. ARGV[4]
write(decided, id, decision)
note({ act = 'second', proposal = tonumber(id), verdict = ARGV[4] })
return {}
