#!lua flags=allow-oom
-- Blur versions: take out of some acts and decisions what is a digest of a text, by which a short
-- one could be guessed. Who decided what, and when, stays.
--
-- KEYS 1 acts (list)  2 decided (hash)      ARGV 1 first act, from 0  2 last act  3... proposals
-- Returns how many told of a text.

local call = redis.call
local blurred = 0

-- Returns the JSON without its digests; nil if it has none.
local function blur(text)
  local kept = cjson.decode(text)
  if not kept.version and not kept.said and not kept.postponed then return nil end
  kept.version, kept.said, kept.postponed = nil, nil, nil
  blurred = blurred + 1
  return cjson.encode(kept)
end

for i, text in ipairs(call('LRANGE', KEYS[1], ARGV[1], ARGV[2])) do
  local fresh = blur(text)
  if fresh then call('LSET', KEYS[1], ARGV[1] + i - 1, fresh) end
end
for i = 3, #ARGV do
  local text = call('HGET', KEYS[2], ARGV[i])
  local fresh = text and blur(text)
  if fresh then call('HSET', KEYS[2], ARGV[i], fresh) end
end
return blurred
