-- tostring, print and __tostring, __name: rules and errors.
local function err(fn, ...) return (select(2, pcall(fn, ...)):gsub("^[^:]+:%d+: ", "")) end
print(nil, true, false, 12, -0.5, "s", 1e100) --> nil	true	false	12	-0.5	s	1e+100
print(tostring(nil), tostring(true), tostring(12), tostring(12.0), tostring("x"), #tostring({}) > 7) --> nil	true	12	12.0	x	true
print(tostring({}):match("^table: ") ~= nil, tostring(print):match("^function: ") ~= nil, tostring(coroutine.create(print)):match("^thread: ") ~= nil)
--> true	true	true
local kept1, kept2 = {}, setmetatable({}, {})
print(tostring(io.stdout):match("^file %(") ~= nil, tostring(print) == tostring(print), tostring(kept1) ~= tostring(kept2))
--> true	true	true
local T = setmetatable({}, {__tostring = function(self) return "I am T" end})
print(T, tostring(T), ("%s"):format(T), ("%-10s|"):format(T)) --> I am T	I am T	I am T	I am T    |
local N = setmetatable({}, {__name = "MyType"})
print(tostring(N):match("^MyType: ") ~= nil, ("%s"):format(N):match("^MyType: ") ~= nil) --> true	true
local bad = setmetatable({}, {__name = 42})
print(tostring(bad):match("^table: ") ~= nil) --> true
print(err(tostring, setmetatable({}, {__tostring = function() return 1 end}))) --> 1
print(err(tostring, setmetatable({}, {__tostring = function() return nil end}))) --> '__tostring' must return a string
print(err(tostring, setmetatable({}, {__tostring = function() return {} end}))) --> '__tostring' must return a string
print(err(tostring, setmetatable({}, {__tostring = function() error("inside tostring", 0) end}))) --> inside tostring
print(err(tostring, setmetatable({}, {__tostring = 5}))) --> attempt to call a number value
print(err(tostring), err(print, setmetatable({}, {__tostring = function() return false end})))
--> bad argument #1 to 'tostring' (value expected)	'__tostring' must return a string
local callable = setmetatable({}, {__call = function(_, v) return "called with " .. type(v) end})
print(setmetatable({}, {__tostring = callable})) --> called with table
-- Both: __tostring wins over __name; both are looked up raw.
print(setmetatable({}, {__tostring = function() return "wins" end, __name = "loses"})) --> wins
local indirect = setmetatable({}, setmetatable({}, {__index = {__tostring = function() return "never" end, __name = "never"}}))
print(tostring(indirect):match("^table: ") ~= nil) --> true
-- print uses tostring of the value, not the global function.
local saved = tostring
tostring = function() return "replaced" end
print(T, 1) --> I am T	1
tostring = saved
-- Strings and numbers may carry metatables through debug.setmetatable.
debug.setmetatable(1, {__tostring = function(n) return "<number>" end, __index = {half = function(n) return n / 2 end}})
print(tostring(5), (10):half(), 5 .. "") --> <number>	<number>	5
print(5) --> <number>
debug.setmetatable(1, nil)
debug.setmetatable(nil, {__tostring = function() return "NIL" end, __name = "None"})
print(nil, tostring(nil)) --> NIL	NIL
debug.setmetatable(nil, nil)
print(nil, 5) --> nil	5
local s = setmetatable({}, {__tostring = function() return "a\0b" end})
print(#tostring(s), #(("%s"):format(s)), err(string.format, "%10s", s))
--> 3	3	bad argument #2 to 'string.format' (string contains zeros)
