-- Sorting by a function takes items directly out of plain tables: the order function may change all of that.

local function descending(a, b) return a > b end
local items = { 3, 1, 2, 5, 4 }
table.sort(items, descending)
print(table.concat(items, " ")) --> 5 4 3 2 1

-- It gives the table a metatable: from then on accesses ask it.
local asked = 0
local plain = { 4, 3, 2, 1 }
table.sort(plain, function(a, b)
  if not getmetatable(plain) then
    setmetatable(plain, { __index = function(_, key) asked = asked + 1 return key end })
    plain[2] = nil
  end
  return (a or 0) < (b or 0)
end)
print(asked > 0) --> true

-- It makes the table smaller while it is sorted.
local shrinking = {}
for i = 1, 100 do shrinking[i] = (i * 37) % 101 end
local calls = 0
local ok = pcall(table.sort, shrinking, function(a, b)
  calls = calls + 1
  if calls == 50 then
    for i = 20, 100 do shrinking[i] = nil end
    shrinking.field = {}
    collectgarbage()
  end
  return (a or 0) < (b or 0)
end)
print(calls >= 50, type(ok)) --> true	boolean

-- It is something to call, a host function, or raises an error; afterwards sorting works as before.
local comparer = setmetatable({}, { __call = function(_, a, b) return a < b end })
print(pcall(table.sort, { 2, 1 }, comparer)) --> false	bad argument #2 to 'table.sort' (function expected, got table)
local numbers = { 3, 2, 1 }
table.sort(numbers, math.ult)
print(table.concat(numbers, " ")) --> 1 2 3
print(pcall(table.sort, { 3, 2, 1 }, function() error("stop", 0) end)) --> false	stop
print(pcall(table.sort, { 3, 2, 1 }, function() error({}, 0) end) == false) --> true
print(select("#", pcall(coroutine.wrap(function()
  table.sort({ 3, 2, 1 }, function() coroutine.yield() end)
end)))) --> 2

-- Sorts within the order function of a sort.
local outer = { 3, 1, 2 }
table.sort(outer, function(a, b)
  local inner = { b, a }
  table.sort(inner, function(x, y) return x < y end)
  return inner[1] == a and a ~= b
end)
print(table.concat(outer, " ")) --> 1 2 3
