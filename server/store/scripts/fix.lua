#!lua
-- Fix: make a tally what its shadow says, in one instant, and have it published and synced.
--
-- KEYS 1 recount  2 tally  3 shadow  4 changed  5 revision counter
-- ARGV 1 generation  2 replication id of the server that has counted
--      3 proposal, or '' for the tally of voters, which belongs to none
-- Returns the new revision.
-- Errors: recount-replaced, recount-lost (also: this server may not have all that was counted).

local value = redis.call('GET', KEYS[1])
local history = redis.call('INFO', 'replication'):match('master_replid:(%w+)')
if value ~= ARGV[1] or history ~= ARGV[2] then
  local later = value and math.abs(value) > math.abs(ARGV[1])
  return redis.error_reply(later and 'recount-replaced by a later one' or 'recount-lost ran out')
end
if redis.call('COPY', KEYS[3], KEYS[2], 'REPLACE') == 0 then redis.call('UNLINK', KEYS[2]) end
local revision = redis.call('INCR', KEYS[5])
if ARGV[3] ~= '' then redis.call('ZADD', KEYS[4], revision, ARGV[3]) end
return revision
