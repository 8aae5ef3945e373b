-- What is reachable survives collections: from locals, upvalues, stacks of coroutines, registers, metatables, keys.
local function full() collectgarbage(); collectgarbage() end
local function probe(name, log) return setmetatable({name = name}, {__gc = function() log[#log + 1] = name end}) end
local log = {}
-- Locals of this and of suspended functions.
local here = probe("local", log)
local function holds(x) full(); return x.name end
print(holds(probe("argument", log))) --> argument
local co = coroutine.wrap(function() local inside = probe("in coroutine", log); coroutine.yield(); return inside.name end)
co()
full()
print(co()) --> in coroutine
-- Upvalues shared by two closures, one of them dropped.
local function two() local v = probe("upvalue", log); return function() return v.name end, function(n) v.name = n end end
local get, set = two()
set "renamed"; set = nil
full()
print(get()) --> renamed
-- Values only in a register during a call, in a vararg list, in a table constructor under construction.
local function pass(a, ...) full(); return a.name, (...).name, select("#", ...) end
print(pass({name = "temporary"}, {name = "vararg"}, 1)) --> temporary	vararg	2
local list = {{name = "first"}, (function() full(); return {name = "second"} end)(), {name = "third"}}
print(list[1].name, list[2].name, list[3].name) --> first	second	third
local text = ("a"):rep(50) .. (function() full(); return ("b"):rep(50) end)() .. ("c"):rep(50)
print(#text, text:sub(50, 51), text:sub(100, 101)) --> 150	ab	bc
-- Metatables, keys, environments, loaded functions.
local keyed = {[{name = "key"}] = {name = "value"}}
setmetatable(keyed, {__index = {inherited = {name = "deep"}}})
full()
for k, v in pairs(keyed) do print(k.name, v.name, keyed.inherited.name) end --> key	value	deep
local f = load("local t = ... return function() return t.name .. extra end", "=f", "t", {extra = "!"})({name = "chunk"})
full()
print(f()) --> chunk!
-- Cycles die, cycles that are held do not.
local function cycle(name) local a, b = probe(name .. "1", log), probe(name .. "2", log); a.other, b.other = b, a; return a end
local held = cycle "held"
do local _ = cycle "lost" end
local function clear_stack(a, b, c, d, e, g, h, i, j, k) return a end
clear_stack()
full()
table.sort(log)
local lost = 0
for _, name in ipairs(log) do if name:match "^lost" then lost = lost + 1 end; assert(name ~= "local" and not name:match "^held", name) end
print(lost, held.other.other == held, here.name) --> 2	true	local
-- Strings made and dropped, interned again.
local s = {}
for i = 1, 100 do s[i] = "str" .. i end
for i = 1, 100, 2 do s[i] = nil end
full()
for i = 2, 100, 2 do assert(s[i] == "str" .. i) end
for i = 1, 100, 2 do s[i] = "str" .. i end
print(#s, s[99]) --> 100	str99
-- Garbage made inside of deep recursion, with live data at each level.
local function deep(n) local mine = {n}; if n % 10 == 0 then collectgarbage("step") end if n > 0 then local r = deep(n - 1); return r + mine[1] end return 0 end
print(deep(60)) --> 1830
-- Live coroutines that hold one another.
local a, b
a = coroutine.wrap(function() local got = coroutine.yield(); full(); return got() end)
b = coroutine.wrap(function() local t = {name = "through two coroutines"}; coroutine.yield(); full(); return t.name end)
a(); b(); full()
print(a(b)) --> through two coroutines
