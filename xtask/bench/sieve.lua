-- group: arrays
-- measures: filling and striding over a large array of booleans.

local LIMIT = 1000000

local function count_primes(limit)
  local composite = {}
  for i = 1, limit do composite[i] = false end
  local primes = 0
  for candidate = 2, limit do
    if not composite[candidate] then
      primes = primes + 1
      for multiple = candidate * candidate, limit, candidate do
        composite[multiple] = true
      end
    end
  end
  return primes
end

local total = 0
for round = 1, 30 do total = total + count_primes(LIMIT - round) end
print(string.format("sieve %d", total))
