#!lua flags=allow-oom
-- Release: look at a proposal no more. That of somebody else stays.
--
-- ARGV 3 proposal

local held = call('HGET', looking, ARGV[3])
if held and held:match('^%d+ (.*)$') == by then call('HDEL', looking, ARGV[3]) end
return {}
