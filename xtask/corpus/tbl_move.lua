-- table.move: overlap, other tables, metamethods, extremes, errors.
local function err(f, ...)
  local ok, message = pcall(f, ...)
  return ok and "ok" or (message:gsub("^[^:]+:%d+: ", ""))
end
local function s(t, n)
  local out = {}
  for i = 1, n or #t do out[i] = tostring(t[i]) end
  return "{" .. table.concat(out, ",") .. "}"
end
print(s(table.move({1, 2, 3}, 1, 3, 2)), s(table.move({1, 2, 3}, 2, 3, 1)), s(table.move({1, 2, 3}, 1, 3, 1)), s(table.move({1, 2, 3}, 1, 0, 5)))
--> {1,1,2,3}	{2,3,3}	{1,2,3}	{1,2,3}
print(s(table.move({1, 2, 3}, 1, 3, 3)), s(table.move({1, 2, 3, 4, 5}, 2, 4, 3)), s(table.move({1, 2, 3, 4, 5}, 3, 5, 2)))
--> {1,2,1,2,3}	{1,2,2,3,4}	{1,3,4,5,5}
local a, b = {1, 2, 3}, {9, 9, 9, 9}
print(table.move(a, 1, 3, 2, b) == b, s(b), s(a), table.move(a, 1, 3, 4) == a, s(a)) --> true	{9,1,2,3}	{1,2,3}	true	{1,2,3,1,2,3}
print(s(table.move({10, 20, 30}, 1, 3, 1, {})), s(table.move({1, nil, 3}, 1, 3, 1, {7, 7, 7}), 3), s(table.move({}, 1, 3, 1, {1, 2, 3}), 3))
--> {10,20,30}	{1,nil,3}	{nil,nil,nil}
print(s(table.move({[0] = 0, 1}, 0, 1, 1, {})), table.move({[-2] = "a", [-1] = "b"}, -2, -1, 5)[6], s(table.move({1, 2, 3}, 2, 2, 1)))
--> {0,1}	b	{2,2,3}
local max, min = math.maxinteger, math.mininteger
print(table.move({[max] = "m"}, max, max, 1)[1], table.move({[min] = "m"}, min, min, 1)[1], table.move({"x"}, 1, 1, max)[max], table.move({"y"}, 1, 1, min)[min])
--> m	m	x	y
print(table.move({[max - 1] = 1, [max] = 2}, max - 1, max, max - 2)[max - 2], s(table.move({[max - 1] = 1, [max] = 2}, max - 1, max, 1, {})))
--> 1	{1,2}
print(err(table.move, {}, 1, max, 2), err(table.move, {}, min, max, 1), err(table.move, {}, -1, max, 2), err(table.move, {}, 1, 2, max))
--> bad argument #4 to 'table.move' (destination wrap around)	bad argument #3 to 'table.move' (too many elements to move)	bad argument #3 to 'table.move' (too many elements to move)	bad argument #4 to 'table.move' (destination wrap around)
print(err(table.move), err(table.move, {}), err(table.move, {}, 1), err(table.move, {}, 1, 2), err(table.move, {}, "a", 1, 1))
--> bad argument #2 to 'table.move' (number expected, got no value)	bad argument #2 to 'table.move' (number expected, got no value)	bad argument #3 to 'table.move' (number expected, got no value)	bad argument #4 to 'table.move' (number expected, got no value)	bad argument #2 to 'table.move' (number expected, got string)
print(err(table.move, {}, 1, 2, 3, 4), err(table.move, 1, 1, 2, 3), err(table.move, {}, 1.5, 2, 3), err(table.move, "x", 1, 0, 1))
--> bad argument #5 to 'table.move' (table expected, got number)	bad argument #1 to 'table.move' (table expected, got number)	bad argument #2 to 'table.move' (number has no integer representation)	bad argument #1 to 'table.move' (table expected, got string)
-- Reads and writes go through metamethods, in the right direction.
local log = {}
local source = setmetatable({}, {__index = function(_, k) log[#log + 1] = "r" .. k; return k * 10 end})
local target = setmetatable({}, {__newindex = function(t, k, v) log[#log + 1] = "w" .. k; rawset(t, k, v) end})
table.move(source, 1, 3, 2, target)
print(table.concat(log, " "), rawget(target, 2), rawget(target, 4)); log = {} --> r1 w2 r2 w3 r3 w4	10	30
local both = setmetatable({}, {__index = function(_, k) log[#log + 1] = "r" .. k; return k end, __newindex = function(_, k, v) log[#log + 1] = "w" .. k .. "=" .. v end})
table.move(both, 1, 3, 2); print(table.concat(log, " ")); log = {} --> r3 w4=3 r2 w3=2 r1 w2=1
table.move(both, 2, 4, 1); print(table.concat(log, " ")); log = {} --> r2 w1=2 r3 w2=3 r4 w3=4
table.move(both, 1, 3, 2, target); print(table.concat(log, " ")) --> r1 r2 r3
-- Errors in the middle leave what was moved.
local stop = setmetatable({}, {__index = function(_, k) if k == 3 then error("stop at 3", 0) end return k end})
local partly = {}
print(err(table.move, stop, 1, 5, 1, partly), s(partly)) --> stop at 3	{1,2}
-- Ring rotation by moves.
local ring = {}
for i = 1, 12 do ring[i] = i end
for _ = 1, 5 do
  local first = ring[1]
  table.move(ring, 2, #ring, 1)
  ring[#ring] = first
end
print(s(ring)) --> {6,7,8,9,10,11,12,1,2,3,4,5}
