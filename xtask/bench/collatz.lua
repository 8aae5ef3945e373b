-- group: integers
-- measures: parity tests, halving with `//` and `>>`, comparisons of integers.
-- engines: lua54

local function longest(limit)
  local best, longest_chain = 0, 0
  for start = 1, limit do
    local value, steps = start, 0
    while value ~= 1 do
      if value % 2 == 0 then
        value = value // 2
      else
        value = 3 * value + 1
      end
      steps = steps + 1
    end
    if steps > longest_chain then best, longest_chain = start, steps end
  end
  return best, longest_chain
end

local function odd_steps(limit)
  local total = 0
  for start = 1, limit do
    local value = start
    while value > 1 do
      if value & 1 == 1 then
        value = value + (value >> 1) + 1
        total = total + 1
      else
        value = value >> 1
      end
    end
  end
  return total
end

local best, chain = longest(300000)
print(string.format("collatz %d %d %d", best, chain, odd_steps(300000)))
