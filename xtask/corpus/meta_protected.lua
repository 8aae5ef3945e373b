-- __metatable, getmetatable, setmetatable, debug variants, errors.
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
local t = {}
print(getmetatable(t), setmetatable(t, nil) == t, getmetatable(t), setmetatable(t, {}) == t, type(getmetatable(t)))
--> nil	true	nil	true	table
local p = setmetatable({}, {__metatable = "locked", __index = function() return "still works" end})
print(getmetatable(p), p.x, err(setmetatable, p, {}), err(setmetatable, p, nil))
--> locked	still works	cannot change a protected metatable	cannot change a protected metatable
print(type(debug.getmetatable(p)), debug.getmetatable(p).__metatable, debug.setmetatable(p, nil) == p, getmetatable(p), p.x)
--> table	locked	true	nil	nil
local f = setmetatable({}, {__metatable = false})
print(getmetatable(f), err(setmetatable, f, {})) --> false	cannot change a protected metatable
print(getmetatable(setmetatable({}, {__metatable = nil})) ~= nil, getmetatable("").__index == string, getmetatable(1), getmetatable(nil), getmetatable(print), getmetatable(true))
--> true	true	nil	nil	nil	nil
print(err(setmetatable, 1, {}), err(setmetatable, {}), err(setmetatable, {}, 1), err(setmetatable, nil, {}), err(setmetatable, {}, "x"))
--> bad argument #1 to 'setmetatable' (table expected, got number)	bad argument #2 to 'setmetatable' (nil or table expected, got no value)	bad argument #2 to 'setmetatable' (nil or table expected, got number)	bad argument #1 to 'setmetatable' (table expected, got nil)	bad argument #2 to 'setmetatable' (nil or table expected, got string)
print(err(getmetatable), err(setmetatable), err(debug.setmetatable, {}), err(debug.setmetatable, {}, 5), err(setmetatable, "x", {}))
--> bad argument #1 to 'getmetatable' (value expected)	bad argument #1 to 'setmetatable' (table expected, got no value)	bad argument #2 to 'debug.setmetatable' (nil or table expected, got no value)	bad argument #2 to 'debug.setmetatable' (nil or table expected, got number)	bad argument #1 to 'setmetatable' (table expected, got string)
print(getmetatable(io.stdout).__name, type(getmetatable(io.stdout).__index), getmetatable(io.stdout).__metatable) --> FILE*	table	nil
-- Metatables are ordinary tables: shared, self-referring, changed at any time.
local shared = {}
shared.__index = shared
local a, b = setmetatable({}, shared), setmetatable({}, shared)
shared.greet = function() return "hi" end
print(a.greet(), b.greet(), a.greet == b.greet) --> hi	hi	true
shared.__call = function() return "called" end
print(a(), b()) --> called	called
shared.__call = nil
print(pcall(a) == false) --> true
local selfish = {}
setmetatable(selfish, selfish)
selfish.__index = function(_, k) return k .. "!" end
selfish.__tostring = function() return "selfish" end
print(selfish.x, tostring(selfish), getmetatable(selfish) == selfish) --> x!	selfish	true
-- Metamethods are found raw: __index of the metatable does not count.
local inherited = setmetatable({}, {__index = {__add = function() return "inherited" end, __call = print, __len = print}})
print(err(function() return setmetatable({}, inherited) + 1 end), #setmetatable({}, inherited), pcall(setmetatable({}, inherited)) == false)
--> attempt to perform arithmetic on a table value	0	true
-- Replacing the metatable inside of a metamethod.
local swap = setmetatable({}, {__index = function(t, k) setmetatable(t, {__index = function() return "second" end}); return "first" end})
print(swap.x, swap.x) --> first	second
local clear = setmetatable({}, {__newindex = function(t, k, v) setmetatable(t, nil); t[k] = v end})
clear.x = 1; clear.y = 2
print(rawget(clear, "x"), clear.y, getmetatable(clear)) --> 1	2	nil
