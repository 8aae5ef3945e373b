-- group: arrays
-- measures: reads, writes and comparisons of floats in one array, in a scattered order.

local floor = math.floor

local seed = 42
local function random()
  seed = (seed * 16807) % 2147483647
  return seed / 2147483647
end

local function sift_down(list, root, last)
  local value = list[root]
  while true do
    local child = root * 2
    if child > last then break end
    if child < last and list[child] < list[child + 1] then child = child + 1 end
    if value >= list[child] then break end
    list[root] = list[child]
    root = child
  end
  list[root] = value
end

local function heapsort(list)
  local count = #list
  for root = floor(count / 2), 1, -1 do sift_down(list, root, count) end
  for last = count, 2, -1 do
    list[1], list[last] = list[last], list[1]
    sift_down(list, 1, last - 1)
  end
end

local checksum = 0
for _ = 1, 14 do
  local list = {}
  for index = 1, 100000 do list[index] = random() end
  heapsort(list)
  for index = 2, #list do assert(list[index - 1] <= list[index]) end
  checksum = checksum + list[1] + list[50000] + list[100000]
end
print(string.format("heapsort %.9f", checksum))
