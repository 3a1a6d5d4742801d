#!lua flags=no-writes
-- Read keys of any kind, for copying them elsewhere. Only a restore runs it, on a server of its own.
--
-- KEYS the keys
-- Returns for each key {kind, end (milliseconds since 1970, -1 for never), {its words}}: a hash as
-- field, value ..., a sorted set as member, score ...; a kind that is not known has no words.

local READERS = {
  string = { 'GET' },
  hash = { 'HGETALL' },
  set = { 'SMEMBERS' },
  list = { 'LRANGE', 0, -1 },
  zset = { 'ZRANGE', 0, -1, 'WITHSCORES' },
}

local found = {}
for i, key in ipairs(KEYS) do
  local kind = redis.call('TYPE', key).ok
  local reader = READERS[kind]
  local words = reader and redis.call(reader[1], key, unpack(reader, 2))
  if kind == 'string' then words = { words } end
  found[i] = { kind, redis.call('PEXPIRETIME', key), words or {} }
end
return found
