-- group: hash
-- measures: tables with string keys made at run time: insert, look up, count, clear, traverse.

local seed = 3
local function random(limit)
  seed = (seed * 16807) % 2147483647
  return seed % limit
end

local names = {}
for index = 1, 20000 do names[index] = "name" .. index end

local checksum = 0
for round = 1, 30 do
  local counts = {}
  for _ = 1, 150000 do
    local name = names[random(20000) + 1]
    counts[name] = (counts[name] or 0) + 1
  end
  local distinct, most = 0, 0
  for name, count in pairs(counts) do
    distinct = distinct + 1
    if count > most then most = count end
    if #name == 5 then counts[name] = nil end
  end
  local fresh = {}
  for index = 1, 20000 do fresh["k" .. (index * round) % 30011] = index end
  local left = 0
  for _ in pairs(fresh) do left = left + 1 end
  checksum = checksum + distinct * 31 + most * 7 + left
end
print(string.format("hash_strings %d", checksum))
