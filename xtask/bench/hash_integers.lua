-- group: hash
-- measures: sparse integer keys, negative and large, and float keys: insert, look up, delete.

local seed = 5
local function random()
  seed = (seed * 16807) % 2147483647
  return seed
end

local checksum = 0
for _ = 1, 30 do
  local sparse, order = {}, {}
  for index = 1, 100000 do
    local key = random() - 1000000000
    sparse[key] = index
    order[index] = key
  end
  for index = 1, #order do
    checksum = (checksum + sparse[order[index]]) % 1000003
    if sparse[index] then checksum = checksum + 1 end
  end
  for index = 1, #order, 3 do sparse[order[index]] = nil end
  local left = 0
  for _, value in pairs(sparse) do left = (left + value) % 1000003 end
  checksum = (checksum + left) % 1000003

  local halves = {}
  for index = 1, 50000 do halves[index + 0.5] = index end
  for index = 1, 50000 do checksum = (checksum + halves[index + 0.5]) % 1000003 end
end
print(string.format("hash_integers %d", checksum))
