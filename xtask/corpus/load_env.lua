-- _ENV: as local, parameter, upvalue, constant; sandboxes; globals as fields.
local function err(fn, ...) return (select(2, pcall(fn, ...)):gsub("^[^:]+:%d+: ", "")) end
a_global = 1
print(_ENV == _G, _ENV.a_global, _G.a_global, _G._G == _G, _ENV._ENV) --> true	1	1	true	nil
do local _ENV = {print = print, tostring = tostring}; b_local_env = 5; print(b_local_env, a_global, _ENV.b_local_env) end --> 5	nil	5
print(b_local_env) --> nil
local function with_env(_ENV) x = 10; return x, y end
local e = {y = "why"}
print(with_env(e)); print(e.x, x)
--> 10	why
--> 10	nil
local function closure_env() local _ENV <const> = {value = 42}; return function() return value end, function(v) value = v end end
local get, set = closure_env()
set(43); print(get(), value) --> 43	nil
-- Setting _ENV of the chunk changes it for everything after, in all functions that share it.
local chunk = load [[
local print, setmetatable = print, setmetatable
local function read() return shared end
shared = "before"
local first = read()
_ENV = {shared = "after"}
return first, read(), shared
]]
print(chunk()) --> before	after	after
-- Metamethods on environments: strict mode, defaults, logging.
local strict = setmetatable({}, {__index = function(_, k) error("undefined variable " .. k, 2) end, __newindex = function(_, k) error("assignment to undeclared " .. k, 2) end})
print(err(load("return foo", "=s", "t", strict))); print(err(load("foo = 1", "=s", "t", strict)))
--> undefined variable foo
--> assignment to undeclared foo
local log = {}
local logging = setmetatable({}, {__index = function(_, k) log[#log + 1] = "get " .. k; return _G[k] end, __newindex = function(t, k, v) log[#log + 1] = "set " .. k; rawset(t, k, v) end})
load("n = 5; n = n + 1; return tostring(n)", "=l", "t", logging)()
print(table.concat(log, ", "), logging.n) --> set n, get tostring	6
local layered = setmetatable({}, {__index = _G})
load("function f() return 'in layer' end; string_copy = string", "=y", "t", layered)()
print(layered.f(), f, layered.string_copy == string) --> in layer	nil	true
-- Functions carry the environment that they were made in.
local made = load("return function() where = here; return where end", "=m", "t", {here = "sandbox"})()
here = "global"
print(made(), where); here = nil --> sandbox	nil
-- Globals with odd names, through _G; deleting; iterating.
_G["odd name"] = 1; _G[1] = "number key"; print(_ENV["odd name"], _ENV[1]); _G["odd name"], _G[1] = nil, nil --> 1	number key
local count = 0
for k in pairs(_G) do if type(k) == "string" and k:match "^zz_" then count = count + 1 end end
zz_1, zz_2, zz_3 = 1, 2, 3
for k in pairs(_G) do if type(k) == "string" and k:match "^zz_" then count = count + 1; _G[k] = nil end end
print(count, zz_1, zz_2, zz_3) --> 3	nil	nil	nil
-- Builtins looked up at each call: redefined and restored.
local saved = tonumber
tonumber = function(x) return "mine " .. x end
print(tonumber "5", (function() return tonumber "6" end)()); tonumber = saved; print(tonumber "7")
--> mine 5	mine 6
--> 7
local _ENV = setmetatable({}, {__index = _ENV})
new_global = "not in _G"
print(new_global, _G.new_global, rawget(_ENV, "new_global")) --> not in _G	nil	not in _G
_G.a_global = nil
