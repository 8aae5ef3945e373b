-- Deep but legal recursion: Lua to Lua, through pcall, metamethods, coroutines and native callbacks.
local function depth(n) if n == 0 then return 0 end return 1 + depth(n - 1) end
print(depth(10000), depth(15000)) --> 10000	15000
local function sum(t, i) if not t[i] then return 0 end return t[i] + sum(t, i + 1) end
local t = {}
for i = 1, 2000 do t[i] = i end
print(sum(t, 1)) --> 2001000
local function many_locals(n) local a, b, c, d, e, f, g, h = n, n, n, n, n, n, n, n; if n == 0 then return 0 end local r = many_locals(n - 1); return r + a - b + c - d + e - f + g - h + 1 end
print(many_locals(3000)) --> 3000
local function spread(n, ...) if n == 0 then return select("#", ...) end return (spread(n - 1, n, ...)) end
print(spread(150)) --> 150
local function va_depth(...) local n = ...; if n == 0 then return "bottom" end local r = va_depth(n - 1, ...); return r end
print(va_depth(100)) --> bottom
-- Ackermann, Tak, Hanoi.
local function ack(m, n) if m == 0 then return n + 1 elseif n == 0 then return ack(m - 1, 1) end return ack(m - 1, ack(m, n - 1)) end
print(ack(2, 6), ack(3, 4)) --> 15	125
local function tak(x, y, z) if y >= x then return z end return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y)) end
print(tak(10, 5, 2)) --> 5
local moves = 0
local function hanoi(n, a, b, c) if n > 0 then hanoi(n - 1, a, c, b); moves = moves + 1; hanoi(n - 1, c, b, a) end end
hanoi(8, "a", "b", "c"); print(moves) --> 255
-- Through metamethods implemented in Lua.
local mt = {}
mt.__index = function(self, k) if k == 0 then return "index bottom" end return self[k - 1] end
print(setmetatable({}, mt)[150]) --> index bottom
mt.__add = function(a, n) if n == 0 then return 0 end return 1 + (a + (n - 1)) end
print(setmetatable({}, mt) + 150) --> 150
mt.__call = function(self, n) if n == 0 then return 0 end return 1 + self(n - 1) end
print(setmetatable({}, mt)(1000)) --> 1000
mt.__concat = function(a, n) if n == 0 then return "" end return "x" .. (a .. (n - 1)) end
print(#(setmetatable({}, mt) .. 100)) --> 100
-- Through native functions: pcall, gsub, sort, string.format with __tostring, load.
local function nested_pcall(n) if n == 0 then return "pcall bottom" end local ok, v = pcall(nested_pcall, n - 1); return v end
print(nested_pcall(150)) --> pcall bottom
local function nested_gsub(n) if n == 0 then return "g" end return (("x"):gsub("x", function() return nested_gsub(n - 1) end)) end
print(nested_gsub(100)) --> g
local function nested_sort(n) if n == 0 then return 0 end local r; table.sort({1, 2}, function(a, b) r = nested_sort(n - 1); return a < b end); return r + 1 end
print(nested_sort(8)) --> 8
local function nested_tostring(n) return tostring(setmetatable({}, {__tostring = function() return n == 0 and "t" or nested_tostring(n - 1) end})) end
print(nested_tostring(100)) --> t
local function nested_load(n) if n == 0 then return "l" end return load("local f, n = ... return f(n)")(nested_load, n - 1) end
print(nested_load(100)) --> l
local function nested_co(n) if n == 0 then return "c" end return coroutine.wrap(nested_co)(n - 1) end
print(nested_co(100)) --> c
-- Tables nested deeply, and their traversal.
local deep = {}
local cursor = deep
for i = 1, 1000 do cursor.child = {level = i}; cursor = cursor.child end
local function measure(node) if not node.child then return 0 end return 1 + measure(node.child) end
print(measure(deep), cursor.level) --> 1000	1000
-- Return of many values through many frames.
local function pass(n, ...) if n == 0 then return ... end return pass(n - 1, ...) end
local function pass_not_tail(n, ...) if n == 0 then return ... end local r = table.pack(pass_not_tail(n - 1, ...)); return table.unpack(r, 1, r.n) end
local values = {}
for i = 1, 100 do values[i] = i end
print(select("#", pass(500, table.unpack(values))), select("#", pass_not_tail(40, table.unpack(values)))) --> 100	100
