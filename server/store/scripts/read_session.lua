#!lua
-- Read a session, and keep it alive if a person is at work in it.
--
-- KEYS 1 session  hash: member, epoch, began (ms), language
--      2 members  hash: id -> JSON
-- ARGV 1 idle end (ms; 0 is no sign of life, such as a page that renews itself)
--      2 absolute end (ms after it began)  3 ms that the idle end may be late, to write less
-- Returns {the member's JSON, language}, or {} if there is no such session (any more).

local call = redis.call

local session = call('HMGET', KEYS[1], 'member', 'epoch', 'began', 'language')
if not session[1] then return {} end
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local member = call('HGET', KEYS[2], session[1])
local left = tonumber(session[3]) + ARGV[2] - now
if not member or cjson.decode(member).epoch ~= session[2] or left <= 0 then
  call('DEL', KEYS[1])
  return {}
end
local alive = math.min(tonumber(ARGV[1]), left)
if alive > 0 and math.abs(call('PTTL', KEYS[1]) - alive) > tonumber(ARGV[3]) then
  call('PEXPIRE', KEYS[1], alive)
end
return { member, session[4] }
