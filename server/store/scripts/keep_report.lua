#!lua
-- Keep what changed at the link of one action, and the definition that changes with it, if any.
--
-- KEYS 1 reports     hash: action -> JSON of its link and its drafts
--      2 definition  JSON
--      3 version     goes up with the definition, so that every process looks again
--      4 deeds       lines that are to be moved into the trail
--      5 indexed, 6 changes as in change_definition.lua
-- ARGV 1 action  2 its JSON as it was read, '' for none  3 as it is to be
--      4 the definition as it was read, '' if it stays  5 as it is to be
--      6... the lines of this change
--
-- Done twice, as after an answer that was lost, it is done once.
-- Returns 1. Errors: changed-meanwhile.

local call = redis.call
local there = call('HGET', KEYS[1], ARGV[1]) or ''
local defined = ARGV[4] ~= '' and call('GET', KEYS[2]) or ''
if there == ARGV[3] and (ARGV[4] == '' or defined == ARGV[5]) then return 1 end
if there ~= ARGV[2] or defined ~= ARGV[4] then return redis.error_reply('changed-meanwhile') end
call('HSET', KEYS[1], ARGV[1], ARGV[3])
if ARGV[4] ~= '' then
    call('SET', KEYS[2], ARGV[5])
    -- As `tell` in desk.lua: no proposal came or went, so nobody reads them again, and nothing new waits.
    local last = call('GET', KEYS[3]) or '0'
    local fresh = call('INCR', KEYS[3])
    if call('HGET', KEYS[5], 'version') == last then call('HSET', KEYS[5], 'version', fresh) end
    if call('HGET', KEYS[5], 'upto') ~= last then
        call('DEL', KEYS[6])
        call('HSET', KEYS[5], 'since', last)
    end
    call('HSET', KEYS[5], 'upto', fresh)
end
if ARGV[6] then call('RPUSH', KEYS[4], unpack(ARGV, 6)) end
return 1
