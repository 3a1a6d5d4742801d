#!lua
-- Publish: replace what readers are shown, unless this command was stuck on its way: by now a
-- newer count may be there.
--
-- KEYS 1 results  string      ARGV 1 deadline (ms, this server's clock)  2 the new results
-- Errors: too-late.

local time = redis.call('TIME')
if time[1] * 1000 + math.floor(time[2] / 1000) > tonumber(ARGV[1]) then
  return redis.error_reply('too-late the deadline has passed')
end
return redis.call('SET', KEYS[1], ARGV[2])
