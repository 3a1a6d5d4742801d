#!lua
-- Give a lease up, if it is still ours: another owner's is never touched.
--
-- KEYS 1 lease  string: the token of its owner, with a time to live
-- ARGV 1 token of the caller
--
-- Returns 1 if it was ours and is gone, else 0.

if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
