-- __len, __concat, __unm and others with odd results; operators on numbers with metatables.
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
local t = setmetatable({1, 2, 3}, {__len = function(self, extra) return rawlen(self) * 10, "dropped" end})
print(#t, rawlen(t), #t + 1, -#t, not #t, #{#t, #t}) --> 30	3	31	-30	false	2
print(table.concat(setmetatable({}, {__len = function() return 2 end, __index = {"p", "q"}}), "+")) --> p+q
print(select("#", table.unpack(setmetatable({}, {__len = function() return 4 end})))) --> 4
print(err(table.unpack, setmetatable({}, {__len = function() return "3x" end})), err(table.concat, setmetatable({}, {__len = function() return {} end})))
--> object length is not an integer	object length is not an integer
print(#setmetatable({}, {__len = function() return "any value" end}), #setmetatable({}, {__len = function() end}), #setmetatable({}, {__len = function() return 1.5 end}))
--> any value	nil	1.5
print(select("#", table.unpack(setmetatable({}, {__len = function() return 2.0 end}))), select("#", table.unpack(setmetatable({}, {__len = function() return "3" end}))))
--> 2	3
print(err(function() return #setmetatable({}, {__len = 5}) end), err(function() local n; return #n end), err(function() return #nil end))
--> attempt to call a number value (metamethod 'len')	attempt to get length of a nil value (local 'n')	attempt to get length of a nil value
debug.setmetatable(0, {__len = function(n) return n * 2 end, __call = function(n, x) return n + x end, __index = function(n, k) return k .. n end, __concat = print})
local five = 5
print(#five, five(10), five.abc, (7).x, 1 .. 2, #2.5) --> 10	15	abc5	x7	12	5.0
debug.setmetatable(0, nil)
-- The string metatable may define __len: it is not asked.
getmetatable("").__len = function() return -1 end
print(#"abc") --> 3
getmetatable("").__len = nil
-- Concatenation: left to right choice of metamethod, with numbers and strings on the way.
local function C(name) return setmetatable({name = name}, {__concat = function(a, b)
  return "(" .. (type(a) == "table" and a.name or a) .. "~" .. (type(b) == "table" and b.name or b) .. ")" end}) end
local x, y = C "x", C "y"
print(x .. y, x .. 1, 1 .. x, x .. "s" .. y, 1 .. 2 .. x .. 3 .. 4, x .. x .. x .. x, "a" .. "b" .. x .. "c" .. "d" .. y)
--> (x~y)	(x~1)	(1~x)	(x~(s~y))	12(x~34)	(x~(x~(x~x)))	ab(x~c(d~y))
print(err(function() return x .. nil end), err(function() return 1 .. {} .. x end))
--> attempt to concatenate a nil value	attempt to concatenate a table value
local silent = setmetatable({}, {__concat = function() return setmetatable({}, {__concat = function() return "second" end}) end})
print(type(silent .. 1 .. 2), 0 .. (silent .. 1)) --> table	second
-- Yields in the middle of a chain.
local Y = setmetatable({}, {__concat = function(a, b) return coroutine.yield(type(a) .. type(b)) end})
local co = coroutine.wrap(function() return "a" .. "b" .. Y .. "c" .. "d" .. "e" end)
print(co(), co("X")) --> tablestring	abX
co = coroutine.wrap(function() return 1 .. Y .. Y .. 2 end)
print(co(), co(3), co("end")) --> tablenumber	tablenumber	1end
