#!lua
-- Keep a changed definition, unless somebody changed it meanwhile or it is too late for that.
--
-- KEYS 1 definition  JSON
--      2 version     goes up with every change, so that every process looks again
--      3 deeds       lines that are to be moved into the trail
--      4 logos       loses what is not named; whoever adds one meanwhile fails here and adds it again
--      5 indexed     hash: since, upto: of which versions `changes` tells all; version: the queue's
--      6 changes     zset: proposal -> version, as in desk.lua
-- ARGV 1 the JSON as it was read  2 the JSON as it is to be
--      3 the instant (ms) before which this has to happen, '' for any time: boxes are sealed, or
--        votes taken, from there on, and this server's clock is the one that says so
--      4 JSON: names of the pictures that stay, those of before too as pages in caches show them
--      5... the lines of this change
--
-- Done twice, as after an answer that was lost, it is done once.
-- Returns 1. Errors: changed-meanwhile, change-refused.

local call = redis.call
local there = call('GET', KEYS[1])
if there == ARGV[2] then return 1 end
if there ~= ARGV[1] then return redis.error_reply('changed-meanwhile') end
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[3] ~= '' and now >= tonumber(ARGV[3]) then return redis.error_reply('change-refused') end
call('SET', KEYS[1], ARGV[2])
-- As `tell` in desk.lua: no proposal came or went, so nobody reads them again, and nothing new waits.
local last = call('GET', KEYS[2]) or '0'
local fresh = call('INCR', KEYS[2])
if call('HGET', KEYS[5], 'version') == last then call('HSET', KEYS[5], 'version', fresh) end
if call('HGET', KEYS[5], 'upto') ~= last then
    call('DEL', KEYS[6])
    call('HSET', KEYS[5], 'since', last)
end
call('HSET', KEYS[5], 'upto', fresh)
if ARGV[5] then call('RPUSH', KEYS[3], unpack(ARGV, 5)) end
local stays = {}
for _, name in ipairs(cjson.decode(ARGV[4])) do stays[name] = true end
for _, name in ipairs(call('HKEYS', KEYS[4])) do
    if not stays[name] then call('HDEL', KEYS[4], name) end
end
return 1
