-- group: calls
-- measures: making closures and calling them: counters, composition, map/filter/fold.

local function counter(start)
  local value = start
  return function(step)
    value = value + step
    return value
  end
end

local function compose(outer, inner)
  return function(x) return outer(inner(x)) end
end

local function map(list, transform)
  local result = {}
  for index = 1, #list do result[index] = transform(list[index]) end
  return result
end

local function filter(list, accepts)
  local result = {}
  for index = 1, #list do
    local value = list[index]
    if accepts(value) then result[#result + 1] = value end
  end
  return result
end

local function fold(list, initial, combine)
  local result = initial
  for index = 1, #list do result = combine(result, list[index]) end
  return result
end

local list = {}
for index = 1, 100 do list[index] = index end

local total = 0
for round = 1, 65000 do
  local bias = round % 7
  local advance = counter(bias)
  local shifted = map(list, compose(function(x) return x + bias end, function(x) return x * 2 end))
  local kept = filter(shifted, function(x) return x % 3 ~= bias % 3 end)
  total = total + fold(kept, 0, function(sum, x) return sum + x end)
  for step = 1, 40 do total = total + advance(step) end
  for index = 1, 20 do
    local once = function() return index + bias end
    total = total + once()
  end
end
print(string.format("closures %d", total))
