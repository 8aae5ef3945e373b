-- group: arrays
-- measures: table.sort without a comparison function: integers, floats, strings.

local seed = 7
local function random(limit)
  seed = (seed * 16807) % 2147483647
  return seed % limit
end

local checksum = 0
for round = 1, 15 do
  local integers, floats, words = {}, {}, {}
  for index = 1, 60000 do
    integers[index] = random(1000000)
    floats[index] = random(1000000) / 7
  end
  for index = 1, 15000 do words[index] = "key" .. random(100000) end
  table.sort(integers)
  table.sort(floats)
  table.sort(words)
  table.sort(integers)
  for index = 2, #integers do assert(integers[index - 1] <= integers[index]) end
  checksum = checksum + integers[30000] + #words[7500] * round + math.floor(floats[30000])
end
print(string.format("sort %d", checksum))
