#!lua flags=no-writes
-- Read tallies: many of one box at once. A command for each would cost the client ten times more.
--
-- KEYS the tallies
-- Returns for each {field, value, ...}, empty if nobody has voted.

local tallies = {}
for i, key in ipairs(KEYS) do tallies[i] = redis.call('HGETALL', key) end
return tallies
