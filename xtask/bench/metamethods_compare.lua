-- group: metamethods
-- measures: `__eq`, `__lt`, `__le`: versions in order, a priority queue of objects, sets by value.

local floor = math.floor

local Version = {}
local function version(major, minor, patch)
  return setmetatable({ major = major, minor = minor, patch = patch }, Version)
end
function Version.__eq(a, b)
  return a.major == b.major and a.minor == b.minor and a.patch == b.patch
end
function Version.__lt(a, b)
  if a.major ~= b.major then return a.major < b.major end
  if a.minor ~= b.minor then return a.minor < b.minor end
  return a.patch < b.patch
end
function Version.__le(a, b) return not (b < a) end

local seed = 21
local function random(limit)
  seed = (seed * 16807) % 2147483647
  return seed % limit
end

local function push(heap, item)
  local index = #heap + 1
  heap[index] = item
  while index > 1 do
    local parent = floor(index / 2)
    if heap[parent] <= item then break end
    heap[index] = heap[parent]
    index = parent
  end
  heap[index] = item
end

local function pop(heap)
  local top, last = heap[1], heap[#heap]
  local count = #heap - 1
  heap[count + 1] = nil
  if count == 0 then return top end
  local index = 1
  while true do
    local child = index * 2
    if child > count then break end
    if child < count and heap[child + 1] < heap[child] then child = child + 1 end
    if last <= heap[child] then break end
    heap[index] = heap[child]
    index = child
  end
  heap[index] = last
  return top
end

local checksum, equal = 0, 0
for _ = 1, 26 do
  local heap = {}
  for _ = 1, 12000 do push(heap, version(random(3), random(20), random(50))) end
  local previous = pop(heap)
  local position = 0
  while #heap > 0 do
    local current = pop(heap)
    assert(previous <= current)
    position = position + 1
    if previous == current then equal = equal + 1 end
    checksum = (checksum + position * current.patch) % 1000003
    previous = current
  end
end
print(string.format("metamethods_compare %d %d", checksum, equal))
