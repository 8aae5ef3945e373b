-- `return f(...)` of library functions: results of any number, errors, yields, tracebacks.
local function try(f, ...) local r = table.pack(pcall(f, ...)); if not r[1] then r[2] = tostring(r[2]):gsub('^[^:]+:%d+: ', '') end return table.unpack(r, 1, r.n) end
local function last(...) return select(-1, ...) end
local function rest(...) return select(2, ...) end
local function spread(t) return table.unpack(t) end
local function raise(m) return error(m) end
print(last(1, 2, 3), last("x"), (rest(1, 2, 3)), select("#", rest(1))) --> 3	x	2	0
print(rest(1, nil, 3, nil)) --> nil	3	nil
local a, b, c = spread { 1, 2 }
print(a, b, c, #{ spread { 1, 2, 3, 4 } }, (spread {})) --> 1	2	nil	4	nil
print(try(raise, "oops")) --> false	oops
print(try(function() return string.rep() end)) --> false	bad argument #1 to 'rep' (string expected, got no value)
print((try(function() return ("x"):bad() end))) --> false
local co = coroutine.wrap(function(...) return coroutine.yield(...) end)
print(co(1, 2)) --> 1	2
print(co(3, nil)) --> 3	nil
local function protected(f, ...) return pcall(f, ...) end
print(protected(function(...) return ... end, 1, 2, 3)) --> true	1	2	3
print(protected(error, { 1 }) == false) --> true
local function sorted(t, f) return table.sort(t, f) end
print(select("#", sorted({ 3, 1, 2 }))) --> 0
-- Within pcall, coroutines, metamethods, iterators and sort: whoever waits for the results.
print(try(function(...) return select(2, ...) end, 1, 2, 3)) --> true	2	3
print(coroutine.wrap(function() return select(2, 1, 2, 3) end)()) --> 2	3
local t = setmetatable({}, { __index = function(_, k) return string.byte(k, 1, -1) end, __lt = function() return select(2, 1, false) end })
print(t.abc, t < t) --> 97	false
for k, v in function(_, i) i = i + 1; if i < 3 then return select(2, 0, i, "v" .. i) end end, nil, 0 do io.write(k, v, ' ', k == 2 and '.' or '') end
print("") --> 1v1 2v2 .
print((string.gsub("abc", "%w", function(c) return string.rep(c, 2) end))) --> aabbcc
-- A caller is below in tracebacks, and the function may be replaced at any time.
local function shows() return debug.traceback("here") end
print(select(2, shows():gsub("in function 'debug.traceback'", "")), shows():find("in upvalue 'shows'", 1, true) ~= nil or shows():find("local 'shows'", 1, true) ~= nil) --> 0	true
local env = { f = tostring }
local function through(x) return env.f(x) end
local r = {}
for i = 1, 5 do
  if i == 2 then env.f = type end
  if i == 3 then env.f = function(x) return "lua " .. x end end
  if i == 4 then env.f = setmetatable({}, { __call = function(_, x) return "called " .. x end }) end
  if i == 5 then env.f = math.abs end
  r[i] = through(-i)
end
print(table.concat(r, " ")) --> -1 number lua -3 called -4 5
-- Return hooks see both.
local events = {}
debug.sethook(function(e) events[#events + 1] = e end, "cr")
last(1)
debug.sethook()
print(table.concat(events, " ")) --> return call call return return call
