#!lua flags=no-writes
-- Read records: all ballots of some voters of one box, each voter's in one instant.
--
-- KEYS voter, more, voter, more, …
-- Returns for each voter {members, {proposal, ballot, ...}}, both empty if there is none any more.

local records = {}
for i = 1, #KEYS, 2 do
  records[#records + 1] = {redis.call('SMEMBERS', KEYS[i]), redis.call('HGETALL', KEYS[i + 1])}
end
return records
