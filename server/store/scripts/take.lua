#!lua
-- Take: find the next proposal that nobody else looks at, and hold it for a while. It hinders
-- nobody: who decides on it all the same is not asked.
--
-- ARGV 3 lock (ms)  4 the very proposal that is meant, or ''  5... proposals to pass over
-- Returns {proposal} or {}.

local BATCH = 50

local function look(id)
  call('HSET', looking, id, string.format('%.0f', now + tonumber(ARGV[3])) .. ' ' .. by)
  return { tonumber(id) }
end

local function others(id)
  local held = call('HGET', looking, id)
  if not held then return false end
  local stop, who = held:match('^(%d+) (.*)$')
  if tonumber(stop) > now then return who ~= by end
  call('HDEL', looking, id)
  return false
end

if ARGV[4] ~= '' then
  if others(ARGV[4]) or not find(ARGV[4]) then return {} end
  return look(ARGV[4])
end

for _, id in ipairs(call('ZRANGEBYSCORE', queue, FAR, FAR + now, 'LIMIT', 0, BATCH)) do
  local postponed = read(notes, id)
  call('ZADD', queue, postponed and postponed.since or now, id)
end

local passed = {}
for i = 5, #ARGV do passed[ARGV[i]] = true end
local start = 0
while true do
  local some = call('ZRANGEBYSCORE', queue, '-inf', now + HOUR, 'LIMIT', start, BATCH)
  if #some == 0 then return {} end
  for _, id in ipairs(some) do
    local fields = find(id)
    if not fields or fields.state ~= 'pending' then
      call('ZREM', queue, id) -- decided by a process that knew no queue
    else
      start = start + 1
      if not passed[id] and not others(id) then return look(id) end
    end
  end
end
