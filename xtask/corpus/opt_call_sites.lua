-- One call site, many callees: Lua, native, callable tables, varargs, different parameter counts, coroutines.
local function call(f, ...) return f(...) end
local function call2(f, a, b) local x, y = f(a, b); return x, y end
local function none() end
local function one(a) return a end
local function swap(a, b) return b, a end
local function three() return 1, 2, 3 end
local function va(...) return select("#", ...), ... end
local callable = setmetatable({}, {__call = function(self, a, b) return "callable", a end})
local out = {}
for _, f in ipairs {none, one, swap, three, va, callable, math.max, select, string.rep, coroutine.wrap(function(a, b) return "co", a end), none} do
  local r = table.pack(pcall(call2, f, 2, 3))
  for i = 1, r.n do r[i] = tostring(r[i]):gsub("^.*:%d+: ", "") end
  out[#out + 1] = table.concat(r, ",", 1, r.n)
end
print(table.concat(out, " | "))
--> true,nil,nil | true,2,nil | true,3,2 | true,1,2 | true,2,2 | true,callable,2 | true,3,nil | true,nil,nil | true,222,nil | true,co,2 | true,nil,nil
print(call(va), call(va, nil), call(one, 1, 2, 3), call(swap, 1), call(three)) --> 0	1	1	nil	1	2	3
-- Missing and extra arguments of functions with many parameters and locals.
local function many(a, b, c, d, e, f, g, h) local x, y, z = a, d, h; return tostring(x) .. tostring(y) .. tostring(z) .. tostring(g) end
print(many(), many(1), many(1, 2, 3, 4), many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), call(many, 1, nil, nil, 4), many(va(7)))
--> nilnilnilnil	1nilnilnil	14nilnil	1487	14nilnil	1nilnilnil
-- Stale registers must not be seen as missing arguments.
local function dirty() local a, b, c, d, e, f = "junk", "junk", "junk", "junk", "junk", "junk"; return a .. f end
local function clean(a, b, c) local x; local y, z; return a, b, c, x, y, z end
for i = 1, 2 do dirty(); print(clean()); dirty(); print(clean(i)) end
--> nil	nil	nil	nil	nil	nil
--> 1	nil	nil	nil	nil	nil
--> nil	nil	nil	nil	nil	nil
--> 2	nil	nil	nil	nil	nil
-- The callee is replaced by its own argument, its own result, inside of the argument list.
local f
f = function(x) f = function(y) return "second " .. y end return "first " .. x end
print(f(1), f(2), f(f(3))) --> first 1	second 2	second second 3
local function g(x) return "old g " .. tostring(x) end
local function replace() g = function(x) return "new g " .. tostring(x) end return "arg" end
print(g(replace()), g(replace())) --> old g arg	new g arg
local obj = {m = function(self, x) return "m " .. tostring(x) end}
local function change() obj.m = function(self, x) return "changed " .. tostring(x) end return "arg" end
print(obj:m(change()), obj:m(change())); print(obj.m(obj, (function() obj = {m = function() return "other object" end} return 1 end)()), obj:m())
--> m arg	changed arg
--> changed 1	other object
-- Results in all numbers wanted: none, one, fixed, open; at statement level and in expressions.
three(); local a = three(); local b, c, d, e = three(); local t = {three(), three()}; local n = select("#", three(), three())
print(a, b, c, d, e, #t, n, (three()), three() + three(), three() == three(), -three(), not three())
--> 1	1	2	3	nil	4	4	1	2	true	-1	false
if three() and none() == nil then print "conditions" end --> conditions
-- Recursion in arguments, mutual recursion with changing arity, functions that return functions.
local function ack(m, k) return m == 0 and k + 1 or k == 0 and ack(m - 1, 1) or ack(m - 1, ack(m, k - 1)) end
local function p1(x, ...) if x == 0 then return select("#", ...) end return p2(x - 1, ..., x) end
function p2(x, ...) if x == 0 then return -select("#", ...) end return p1(x - 1, x, ...) end
print(ack(2, 3), p1(6), p1(7, 1, 2), p2(5)); p2 = nil --> 9	3	-2	3
local function chain(k) return k == 0 and function(...) return select("#", ...) end or function(...) return chain(k - 1)(k, ...) end end
print(chain(0)(1), chain(5)(), chain(3)("x", nil)) --> 1	5	5
-- A site that first fails, then works; errors name the callee each time.
local function try(x) local ok, m = pcall(function() return x() end); return ok and m or m:gsub("^.*:%d+: ", "") .. "" end
for _, v in ipairs {1, print and function() return "fine" end, "s", {}, function() return "again" end} do io.write(try(v), "\n") end
--> attempt to call a number value (upvalue 'x')
--> fine
--> attempt to call a string value (upvalue 'x')
--> attempt to call a table value (upvalue 'x')
--> again
-- Native functions called with too many and too few results in between, many times.
local total = 0
for i = 1, 200 do total = total + math.max(three()) + #string.rep("x", i % 3) + select("#", va(i, i)) + (one(i) - one(i, 0)) end
print(total) --> 1401
