-- __index and __newindex: functions, tables, chains, loops, raw access.
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
local c = setmetatable({z = "from c"}, {__index = function(t, k) return "computed " .. tostring(k) end})
local b = setmetatable({y = "from b"}, {__index = c})
local a = setmetatable({x = "from a"}, {__index = b})
print(a.x, a.y, a.z, a.w, a[1], a[true], rawget(a, "y")) --> from a	from b	from c	computed w	computed 1	computed true	nil
local log = {}
local target = {}
local t = setmetatable({old = 1}, {__newindex = function(t, k, v) log[#log + 1] = k .. "=" .. tostring(v) end})
t.new = 1; t.old = 2; t.other = nil
print(table.concat(log, " "), t.new, t.old, rawget(t, "other")) --> new=1 other=nil	nil	2	nil
t = setmetatable({}, {__newindex = target})
t.x = 1; t[1] = "one"
print(rawget(t, "x"), target.x, target[1], #t) --> nil	1	one	0
-- __newindex to a table that has metamethods itself.
local second = setmetatable({}, {__newindex = function(t, k, v) rawset(t, k, "filtered " .. v) end})
t = setmetatable({}, {__newindex = second})
t.a = "v"; print(rawget(t, "a"), second.a); t.a = "w"; print(second.a)
--> nil	filtered v
--> w
-- An existing field with value nil is absent again.
t = setmetatable({k = 1}, {__newindex = function(t, k, v) rawset(t, k, v * 100) end})
t.k = 2; t.k = nil; t.k = 3; print(t.k) --> 300
-- __index on strings, numbers, and functions as values to index.
print(("x").len("abc"), #("abc"), ("abc").upper("q")) --> 3	3	Q
debug.setmetatable(function() end, {__index = function(f, k) return "function field " .. k end, __newindex = function(f, k, v) log[#log + 1] = "set " .. k end})
print(print.anything); print.field = 5; print(log[#log]); debug.setmetatable(print, nil)
--> function field anything
--> set field
print(err(function() return print.x end), err(function() print.x = 1 end))
--> attempt to index a function value (global 'print')	attempt to index a function value (global 'print')
-- Loops and depth.
local loop = {}; setmetatable(loop, {__index = loop, __newindex = loop})
print(err(function() return loop.x end), err(function() loop.x = 1 end))
--> '__index' chain too long; possible loop	'__newindex' chain too long; possible loop
local p = {}; local q = setmetatable({}, {__index = p, __newindex = p}); setmetatable(p, {__index = q, __newindex = q})
print(err(function() return p.x end), err(function() q.x = 1 end))
--> '__index' chain too long; possible loop	'__newindex' chain too long; possible loop
local deep = {found = "deep"}
for _ = 1, 100 do deep = setmetatable({}, {__index = deep}) end
print(deep.found, deep.missing) --> deep	nil
-- Non-table, non-function __index is indexed in turn.
print(setmetatable({}, {__index = "string"}).len == string.len, err(function() return setmetatable({}, {__index = 5}).x end), err(function() setmetatable({}, {__newindex = true}).x = 1 end))
--> true	attempt to index a number value	attempt to index a boolean value
-- Results are cut to one; arguments are the receiver that failed, and the key.
local args
t = setmetatable({}, {__index = setmetatable({}, {__index = function(...) args = {...}; return 1, 2, 3 end})})
print(t.k, select("#", t.k), #args, args[1] == getmetatable(t).__index, args[2]) --> 1	1	2	true	k
print((function() return t.k end)(), #{t.k, t.k}, #{t.k}) --> 1	2	1
