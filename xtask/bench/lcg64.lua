-- group: integers
-- measures: wrapping 64-bit multiplication and addition in a dependent chain.
-- engines: lua54

local state, sum = 1, 0
for _ = 1, 50000000 do
  state = state * 6364136223846793005 + 1442695040888963407
  sum = sum ~ (state >> 33)
end

local small, total = 12345, 0
for index = 1, 20000000 do
  small = (small * 1103515245 + 12345) & 0x7fffffff
  total = total + (small >> 16) % 10 + index // 3
end
print(string.format("lcg64 %d %x %d", state, sum, total))
