#!lua
-- Tag: give a proposal these labels, and no others.
--
-- ARGV 3 proposal  4 JSON list of labels
-- Returns {} or a refusal: not-pending.

local id = ARGV[3]
if not find(id) then return { 'not-pending', tonumber(id), '' } end
local before = call('HGET', tags, id) or '[]'
if before == ARGV[4] then return {} end
if ARGV[4] == '[]' then call('HDEL', tags, id) else call('HSET', tags, id, ARGV[4]) end
local labels = cjson.decode(ARGV[4])
note({ act = 'tag', proposal = tonumber(id), labels = #labels > 0 and labels or nil })
return {}
