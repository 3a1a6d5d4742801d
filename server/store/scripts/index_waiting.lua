#!lua
-- Index waiting: have the queue know proposals that wait, however they came here.
--
-- KEYS 21 arrivals  zset: proposal -> when it came in (ms), of the last hour
--      22 purge     exists once the ballots are being destroyed: nothing waits any more
-- ARGV 3 up to which number this looks, or ''  4 at which version of the file's, or ''
--      5... proposals to look at
-- Returns how many are new.

local new, over = 0, call('EXISTS', KEYS[22]) == 1
for i = 5, #ARGV do
  local id = ARGV[i]
  local fields = find(id)
  if over then fields = nil end
  local waits = fields and fields.state == 'pending' and not call('ZSCORE', due, id)
  if waits and not call('ZSCORE', queue, id) then
    call('ZADD', queue, fields.at or now, id)
    new = new + 1
  end
  if fields and fields.at then call('ZADD', KEYS[21], fields.at, id) end
end
if ARGV[3] ~= '' and tonumber(call('HGET', indexed, 'number') or 0) < tonumber(ARGV[3]) then
  call('HSET', indexed, 'number', ARGV[3])
end
if ARGV[4] ~= '' then call('HSET', indexed, 'version', ARGV[4]) end
call('ZREMRANGEBYSCORE', KEYS[21], '-inf', now - HOUR)
return new
