-- group: calls
-- measures: vararg functions: select, table constructors of `...`, unpack, passing `...` on.

local unpack = table.unpack or unpack

local function sum_by_select(...)
  local total = 0
  for index = 1, select("#", ...) do
    total = total + (select(index, ...))
  end
  return total
end

local function sum_by_table(...)
  local values, total = { ... }, 0
  for index = 1, #values do total = total + values[index] end
  return total
end

local function sum_by_recursion(first, ...)
  if not first then return 0 end
  return first + sum_by_recursion(...)
end

local function forward(callee, ...)
  return callee(...)
end

local function rotate(first, ...)
  return ..., first
end

local numbers = { 1, 2, 3, 4, 5, 6 }
local total = 0
for round = 1, 1100000 do
  total = total + sum_by_select(round, 2, 3, 4)
  total = total + sum_by_table(1, round, 3, 4, 5)
  total = total + sum_by_recursion(1, 2, round)
  total = total + forward(sum_by_table, unpack(numbers))
  local second = rotate(1, round, 3)
  total = total + second
end
print(string.format("vararg %d", total))
