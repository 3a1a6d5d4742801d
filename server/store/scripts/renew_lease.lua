#!lua
-- Renew a lease, if it is still ours.
--
-- KEYS 1 lease  string: the token of its owner, with a time to live
-- ARGV 1 token of the caller   2 time to live (milliseconds)
--
-- Returns 1 if the lease was ours and lives on, 0 if it is gone or another's.

if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
