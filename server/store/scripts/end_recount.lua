#!lua
-- End a recount and clear its shadows, unless another one has taken over.
--
-- KEYS 1 recount  2... shadow of each proposal      ARGV 1 generation
-- Returns 1 if it was ours to end.

if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
for i = 1, #KEYS do redis.call('UNLINK', KEYS[i]) end
return 1
