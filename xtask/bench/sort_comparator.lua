-- group: arrays
-- measures: table.sort with a Lua comparison function, on numbers and on records.

local seed = 11
local function random(limit)
  seed = (seed * 16807) % 2147483647
  return seed % limit
end

local function by_rank(a, b)
  if a.rank ~= b.rank then return a.rank < b.rank end
  return a.serial < b.serial
end

local checksum = 0
for _ = 1, 18 do
  local numbers, records = {}, {}
  for index = 1, 45000 do numbers[index] = random(1000000) end
  for index = 1, 20000 do records[index] = { rank = random(500), serial = index } end
  table.sort(numbers, function(a, b) return a > b end)
  table.sort(records, by_rank)
  for index = 2, #records do assert(by_rank(records[index - 1], records[index])) end
  checksum = checksum + numbers[100] + records[10000].serial
end
print(string.format("sort_comparator %d", checksum))
