-- group: hash
-- measures: traversal with pairs, ipairs, next and own iterators over tables of several shapes.

local list, map, mixed = {}, {}, {}
for index = 1, 1000 do
  list[index] = index
  map["key" .. index] = index
  mixed[index % 2 == 0 and index / 2 or "odd" .. index] = index
end

local function values(t)
  local index = 0
  return function()
    index = index + 1
    return t[index]
  end
end

local function stepper(limit, value)
  if value < limit then return value + 1 end
end

local total = 0
for round = 1, 4300 do
  for index, value in ipairs(list) do total = total + index * value end
  for _, value in pairs(list) do total = total + value end
  for key, value in pairs(map) do total = total + #key + value end
  for _, value in next, mixed do total = total + value end
  for value in values(list) do total = total + value end
  for value in stepper, 1000, 0 do total = total + value end
  local key, value = next(map)
  local visited = 0
  while key do
    visited = visited + 1
    key, value = next(map, key)
  end
  total = total + visited * round
  for index = 1, #list do total = total - list[index] end
end
print(string.format("iterate %d", total))
