-- group: coroutines
-- measures: coroutine.wrap as an iterator: chained filters, tree walks, many short-lived coroutines.

local wrap, yield = coroutine.wrap, coroutine.yield

local function range(first, last)
  return wrap(function() for value = first, last do yield(value) end end)
end

local function keep(source, accepts)
  return wrap(function()
    for value in source do
      if accepts(value) then yield(value) end
    end
  end)
end

local function build(first, last)
  if first > last then return nil end
  local middle = first + (last - first - (last - first) % 2) / 2
  return { value = middle, left = build(first, middle - 1), right = build(middle + 1, last) }
end

local function walk(tree)
  if tree then
    walk(tree.left)
    yield(tree.value)
    walk(tree.right)
  end
end

local checksum = 0
local odd = function(value) return value % 2 == 1 end
local third = function(value) return value % 3 == 0 end
for value in keep(keep(range(1, 2700000), odd), third) do checksum = (checksum + value) % 1000003 end

local tree = build(1, 20000)
for _ = 1, 65 do
  local position = 0
  for value in wrap(function() walk(tree) end) do
    position = position + 1
    checksum = (checksum + position * value) % 1000003
  end
end

for index = 1, 680000 do
  local short = wrap(function(a) local b = yield(a + 1); return b * 2 end)
  checksum = (checksum + short(index) + short(3)) % 1000003
end
print(string.format("coroutine_generators %d", checksum))
