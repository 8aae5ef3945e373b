-- To-be-closed variables: order, values, exits from blocks, nil and false, errors in the declaration.
local log = {}
local function closer(name) return setmetatable({name = name}, {__close = function(self, e) log[#log + 1] = name .. (e and ":" .. tostring(e):gsub("^[^:]+:%d+: ", "") or "") end}) end
local function flush() local s = table.concat(log, " "); log = {}; return "[" .. s .. "]" end
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
do local a <close> = closer "a"; local b <close> = closer "b"; log[#log + 1] = "body" end
print(flush()) --> [body b a]
local function ret() local x <close> = closer "x"; return "value", flush(), #log end
print(ret(), flush()) --> value	[x]
for i = 1, 3 do local c <close> = closer("c" .. i); if i == 2 then goto next end; log[#log + 1] = "body" .. i ::next:: end
print(flush()) --> [body1 c1 c2 body3 c3]
for i = 1, 3 do local c <close> = closer("c" .. i); if i == 2 then break end end
print(flush()) --> [c1 c2]
local n = 0
while n < 2 do n = n + 1; local w <close> = closer("w" .. n) end
repeat local r <close> = closer "r"; n = n + 1 until n > 3
print(flush(), n) --> [w1 w2 r r]	4
do local i = 0; ::again:: do local g <close> = closer("g" .. i); i = i + 1; if i < 3 then goto again end end end
print(flush()) --> [g0 g1 g2]
do local a <close> = nil; local b <close> = false; local c <close> = closer "only" end
print(flush()) --> [only]
print(err(function() local x <close> = 5 end)); print(err(function() local x <close> = {} end)); print(err(function() local named <close> = "str" end))
--> variable 'x' got a non-closable value
--> variable 'x' got a non-closable value
--> variable 'named' got a non-closable value
print(err(function() local a <close> = closer "closed anyway"; local b <close> = 42 end), flush())
--> variable 'b' got a non-closable value	[closed anyway:variable 'b' got a non-closable value]
-- The variable is constant, but what it holds may lose its __close.
print(select(2, load("local x <close> = nil; x = 1", "=s")), select(2, load("local x <close> = nil; function f() x = 1 end", "=s")))
--> s:1: attempt to assign to const variable 'x'	s:1: attempt to assign to const variable 'x'
print(err(function() local x <close> = closer "lost"; setmetatable(x, {}) end), flush())
--> attempt to call a nil value (metamethod 'close')	[]
print(err(function() local x <close> = closer "replaced"; getmetatable(x).__close = 7 end), flush())
--> attempt to call a number value (metamethod 'close')	[]
-- Arguments of __close: the value and the error or nil; results are dropped; no tail calls.
do local v <close> = setmetatable({}, {__close = function(...) log[#log + 1] = select("#", ...) .. type((...)) .. tostring((select(2, ...))); return 1, 2 end}) end
print(flush()) --> [2tablenil]
local function tail() local v <close> = closer "after"; return (function() log[#log + 1] = "callee"; return "result" end)() end
print(tail(), flush()) --> result	[callee after]
local function nested() local a <close> = closer "outer"; do local b <close> = closer "inner"; log[#log + 1] = "in" end log[#log + 1] = "out"; return flush end
print(nested()()) --> [in inner out outer]
-- Multiple results survive; varargs too; upvalues are closed before and seen after.
local function many(...) local v <close> = closer "v"; return ... end
print(many(1, nil, 3)); print(select("#", many(nil, nil)), flush())
--> 1	nil	3
--> 2	[v v]
local function captured() local value = "captured"; local v <close> = setmetatable({}, {__close = function() value = value .. " and changed" end}); return function() return value end end
print(captured()()) --> captured and changed
local order = {}
do local a <const>, b <close>, c = 1, closer "mixed", 3; order[1] = a + c end
print(order[1], flush()) --> 4	[mixed]
