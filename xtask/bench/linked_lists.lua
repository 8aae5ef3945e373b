-- group: allocation
-- measures: cons cells: build, reverse, merge sort; pointers between small tables.

local seed = 17
local function random(limit)
  seed = (seed * 16807) % 2147483647
  return seed % limit
end

local function reverse(list)
  local reversed = nil
  while list do
    reversed = { head = list.head, tail = reversed }
    list = list.tail
  end
  return reversed
end

local function split(list)
  local left, right = nil, nil
  while list do
    left, right = { head = list.head, tail = right }, left
    list = list.tail
  end
  return left, right
end

local function merge(a, b)
  local first = { head = false, tail = nil }
  local last = first
  while a and b do
    if a.head <= b.head then
      last.tail = a
      last, a = a, a.tail
    else
      last.tail = b
      last, b = b, b.tail
    end
  end
  last.tail = a or b
  return first.tail
end

local function sort(list)
  if not list or not list.tail then return list end
  local left, right = split(list)
  return merge(sort(left), sort(right))
end

local checksum = 0
for _ = 1, 8 do
  local list = nil
  for _ = 1, 20000 do list = { head = random(100000), tail = list } end
  list = sort(reverse(list))
  local position, previous = 0, -1
  while list do
    assert(previous <= list.head)
    previous = list.head
    position = position + 1
    checksum = (checksum + position * previous) % 1000003
    list = list.tail
  end
end
print(string.format("linked_lists %d", checksum))
