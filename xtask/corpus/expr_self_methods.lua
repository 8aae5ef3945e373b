-- Method definitions and calls: self, nested names, strings, long names.
local a = {b = {c = {}}}
function a.f(x) return "a.f", x end
function a.b.c.g(x) return "a.b.c.g", x end
function a.b.c:h(x) return self == a.b.c, x end
function a:m(...) return self == a, select("#", ...), ... end
print(a.f(1)) --> a.f	1
print(a.b.c.g(2)) --> a.b.c.g	2
print(a.b.c:h(3)) --> true	3
print(a:m()) --> true	0
print(a:m(nil, nil)) --> true	2	nil	nil
print(a.m(a, "x")) --> true	1	x
print(a.m(5, "x")) --> false	1	x
print(("x"):rep(3), ("%d"):format(7), #("abc"):upper(), ("a,b"):find(",", 1, true)) --> xxx	7	3	2	2
local s = "text"
print(s:len(), s:sub(2, 3), s:byte(), s:upper():lower():reverse()) --> 4	ex	116	txet
-- The object is evaluated once, before the arguments.
local log = {}
local function get() log[#log + 1] = "object"; return a end
local function arg() log[#log + 1] = "argument"; return 1 end
get():m(arg(), arg())
print(table.concat(log, " ")) --> object argument argument
-- A method found through __index gets the original object.
local Base = {}
Base.__index = Base
function Base:who() return self.name end
local inst = setmetatable({name = "inst"}, Base)
print(inst:who(), Base.who(inst), inst["who"](inst)) --> inst	inst	inst
local proxy = setmetatable({}, {__index = function(t, k) return function(self, ...) return k, self == t, ... end end})
print(proxy:anything(1, 2)) --> anything	true	1	2
print(proxy.other(proxy)) --> other	true
-- Method names longer than short strings.
local longname = ("m"):rep(60)
local object = load("local t = {} function t:" .. longname .. "(x) return x * 2 end return t")()
print(load("return (...):" .. longname .. "(21)")(object)) --> 42
-- Calls with string and table arguments as method calls.
function a:take(v) return type(v), v end
print(a:take "s", (a:take {})) --> string	table
print((a:take [[long]])) --> string
-- Methods on numbers, booleans, nil fail by name.
local function err(f) return (select(2, pcall(f)):gsub("^.-:%d+: ", "")) end
print(err(function() local n = 5; return n:foo() end)) --> attempt to index a number value (local 'n')
print(err(function() return a:nomethod() end)) --> attempt to call a nil value (method 'nomethod')
print(err(function() return a.b.x:foo() end)) --> attempt to index a nil value (field 'x')
print(err(function() return ("x"):nomethod() end)) --> attempt to call a nil value (method 'nomethod')
print(err(function() return undefinedobject:foo() end)) --> attempt to index a nil value (global 'undefinedobject')
