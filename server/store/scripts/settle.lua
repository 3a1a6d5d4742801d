#!lua
-- Settle: let the decisions that are due take effect. What another teller has settled is not due.
--
-- ARGV 3 the most at once
-- Returns how many there were.

local ready = call('ZRANGEBYSCORE', due, '-inf', now, 'LIMIT', 0, ARGV[3])
for _, id in ipairs(ready) do apply(id) end
tell()
return #ready
