-- Metamethods that are Lua functions: their frames are pushed and left at once. Here everything that this takes for granted changes.

local function line(...)
  local t = table.pack(...)
  for i = 1, t.n do t[i] = tostring(t[i]) end
  print(table.concat(t, " "))
end
local function message(f, ...) return (tostring(select(2, pcall(f, ...))):gsub("^.-:%d+: ", "")) end

-- What `__index` was the last time is only a hint: function, table, function of another metatable, nothing, in turn, at one place each.
local class, other = {}, { __index = function(_, k) return "other " .. tostring(k) end }
local object = setmetatable({ own = "own" }, class)
local env = setmetatable({}, class)
local global = load("return x, own", "=g", "t", env)
local kinds = {
  function() class.__index = function(t, k) return "f" .. tostring(k) end end,
  function() class.__index = { x = "tx", [1] = "t1", own = "no", m = function() return "tm" end } end,
  function() class.__index = setmetatable({}, other) end,
  function() class.__index = nil end,
  function() class.__index = class; class.x = "cx" end,
  function() class.__index = function() end end,
  function() class.x = nil; setmetatable(object, other) end,
  function() setmetatable(object, class) end,
}
local at = "x"
local function ask()
  local method = message(function() return object:m() end)
  return object.x, object[at], object[1], object[2.5], object.own, method, global()
end
for round = 1, 2 do
  for _, change in ipairs(kinds) do
    change()
    for _ = 1, 3 do ask() end
    line(ask())
  end
end

-- Tables of which a key is there, but hidden from the fast search, take a store themselves.
local log = {}
local function note(_, k, v) log[#log + 1] = tostring(k) .. "=" .. tostring(v) end
local chained = setmetatable({ __index = { deep = 1 }, __mode = false, plain = 1 }, { __newindex = note })
local user = setmetatable({}, chained)
for _ = 1, 3 do line(user.deep, user.none) end
for i = 1, 3 do
  chained.__index = { deep = i + 1 }
  chained.__mode = nil
  rawset(chained, "__mode", false)
  chained["__in" .. "dex"] = chained.__index
  chained.plain, chained.fresh, chained[i], chained[i + 0.5] = i, i, i, i
end
line(user.deep, chained.plain, rawget(chained, "fresh"), #log, table.concat(log, " "))
local list = setmetatable({ 1, 2, 3 }, { __newindex = note, __index = function(_, k) return -k end })
list[2], list[3] = nil, nil
for i = 1, 5 do list[i] = i * 10 end
list[2], list[70] = "again", "far"
line(list[1], list[2], list[3], list[70], table.concat(log, " ", #log - 5))

-- Numbers and strings with handlers of their own come first.
local V = {}
V.__add = function(a, b) return "table" end
V.__sub, V.__mul, V.__concat, V.__band, V.__idiv = V.__add, V.__add, V.__add, V.__add, V.__add
V.__unm = function(a, b) return rawequal(a, b) end
V.__bnot, V.__len = V.__unm, function(a, b) return rawequal(a, b) or b == nil end
local v, n, f = setmetatable({}, V), 3, 2.5
local function sums() return v + v, v + n, n + v, v + 1, 1 + v, v - 1, 1 - v, v * 2.5, 2.5 * v, f * v, v & 7, 7 & v, v // 1, n // v, v .. n, n .. v, "s" .. v, -v, ~v, #v end
for _ = 1, 3 do sums() end
line(sums())
debug.setmetatable(0, { __add = function() return "number" end, __mul = function() return "number" end, __concat = function() return "number" end })
line(sums())
debug.setmetatable(0, nil)
getmetatable("").__concat = function() return "string" end
line(sums())
getmetatable("").__concat = nil
line(message(function() return {} + v end), message(function() return v + {} end), message(function() return {} - 1 end), message(function() return 1 .. {} end), message(function() return -{} end), message(function() return v % 2 end), message(function() return true + v end))

-- Results of every number, by every kind of return; tail calls; parameters of every number.
local function pass(...) return ... end
local handlers = {
  function() end, function() return 1 end, function() return 1, 2 end, function() return false end, function() return nil, true end,
  function(...) return ... end, function(...) return select("#", ...) end, function(a) return pass(a) end, function() return pass() end, function(a, b) return pass(b, a) end,
  function(a, b, c, d, e) return e == nil and d == nil and type(a) end, function(...) local t = { ... } return pass(table.unpack(t, 2)) end,
  function(a) local keep <close> = setmetatable({}, { __close = function() log.closed = (log.closed or 0) + 1 end }) return a end,
}
local M = {}
local a, b = setmetatable({}, M), setmetatable({}, M)
local function kind(x) return rawequal(x, a) and "a" or rawequal(x, b) and "b" or tostring(x) end
for i, handler in ipairs(handlers) do
  for _, e in ipairs { "index", "newindex", "add", "lt", "le", "eq", "len", "concat", "call", "unm" } do M["__" .. e] = handler end
  local x1, x2, x3 = a.x, a[1], a[at]
  a.y, a[1], a[at] = 1, 2, 3
  local t = { a.p, a.q, n = a.r }
  local count = 0
  if a < b then count = count + 1 end
  if not (a <= b) then count = count + 10 end
  while a ~= b do count = count + 100 break end
  local r1, r2 = a(b)
  line(i, kind(x1), kind(x2), kind(x3), #t <= 2, kind(t.n), kind(a + b), kind(a + 1), a < b, a > b, a >= b, a == b, kind(#a), kind(a .. b), kind(a .. "s" .. b), kind(-a), count, kind(r1), kind(r2), kind((a(1, 2, 3))), next(a))
end
line(log.closed)

-- Calls of tables with few and many arguments, deep ones too: arguments and registers must fit above.
M.__call = function(self, ...) local n = select("#", ...) if n == 0 then return 0 end return 1 + self(select(2, ...)) end
line(a(), a(1), a(1, 2, 3), a(table.unpack({}, 1, 150)))
M.__call = function(self, n, ...) if n == 0 then return select("#", ...) end return self(n - 1, n, ...) end
line(a(100), coroutine.wrap(function() return a(60, 1, 2) end)())
M.__call = setmetatable({}, { __call = function(handler, self, x) return handler == M.__call and self == a and x end })
line(a(5), a())
M.__call = nil
line(message(a, 1))

-- Without end: the depth of metamethods is bounded, by each kind of them.
for _, e in ipairs { "index", "newindex", "add", "lt", "len", "concat", "unm" } do
  local L = {}
  local o = setmetatable({}, L)
  local use = { index = function() return o.x end, newindex = function() o.x = 1 end, add = function() return o + 1 end, lt = function() return o < o end, len = function() return #o end, concat = function() return o .. 1 end, unm = function() return -o end }
  L["__" .. e] = function() local r = use[e]() return r end
  line(e, message(use[e]):match("C stack overflow"))
end

-- Yields and errors in handlers that are entered at once; names and lines in tracebacks; hooks that count their returns.
for _, e in ipairs { "index", "newindex", "add", "lt", "le", "eq", "len", "concat", "unm" } do M["__" .. e] = function(x) return coroutine.yield(kind(x)) end end
local co = coroutine.wrap(function() a.x = 1 return a.x, a[1], a + 1, 1 + a, a < b, not (a <= b), a == b, #a, a .. b, a .. 1 .. b, -a end)
local out = { co() }
for i = 1, 12 do out[#out + 1] = kind(co(i % 3 > 0 and i)) end
line(table.unpack(out))
for _, e in ipairs { "index", "newindex", "add", "lt", "le", "eq", "len", "concat", "unm" } do M["__" .. e] = function(x) error(debug.traceback("", 1):match("in metamethod '(%w+)'"), 0) end end
line(message(function() return a.x end), message(function() a.x = 1 end), message(function() return a[1] end), message(function() return 1 + a end), message(function() return a < b end), message(function() return a ~= b end), message(function() return #a end), message(function() return 1 .. a end), message(function() return -a end))
local returns = 0
for _, e in ipairs { "index", "newindex", "add", "lt", "eq", "len" } do M["__" .. e] = function(x) return x end end
local function all() a.x = 1 return a.x, a + 1, a < b, a == b, #a end
debug.sethook(function() returns = returns + 1 end, "r")
all()
debug.sethook()
line(returns)
--> fx fx f1 f2.5 own attempt to call a string value (method 'm') fx fown
--> tx tx t1 nil own tm tx no
--> other x other x other 1 other 2.5 own attempt to call a string value (method 'm') other x other own
--> nil nil nil nil own attempt to call a nil value (method 'm') nil nil
--> cx cx nil nil own attempt to call a nil value (method 'm') cx nil
--> nil nil nil nil own attempt to call a nil value (method 'm') nil nil
--> other x other x other 1 other 2.5 own attempt to call a string value (method 'm') nil nil
--> nil nil nil nil own attempt to call a nil value (method 'm') nil nil
--> fx fx f1 f2.5 own attempt to call a string value (method 'm') fx fown
--> tx tx t1 nil own tm tx no
--> other x other x other 1 other 2.5 own attempt to call a string value (method 'm') other x other own
--> nil nil nil nil own attempt to call a nil value (method 'm') nil nil
--> cx cx nil nil own attempt to call a nil value (method 'm') cx nil
--> nil nil nil nil own attempt to call a nil value (method 'm') nil nil
--> other x other x other 1 other 2.5 own attempt to call a string value (method 'm') nil nil
--> nil nil nil nil own attempt to call a nil value (method 'm') nil nil
--> 1 nil
--> 1 nil
--> 1 nil
--> 4 3 nil 9 1.5=1 1=1 fresh=1 2.5=2 2=2 fresh=2 3.5=3 3=3 fresh=3
--> 10 -2 -3 -70 2=20 3=30 4=40 5=50 70=far 2=again
--> table table table table table table table table table table table table table table table table table true true true
--> table table number table number table table table number number table table table table table number table true true true
--> table table table table table table table table table table table table table table table table string true true true
--> table table attempt to perform arithmetic on a table value attempt to concatenate a table value attempt to perform arithmetic on a table value attempt to perform arithmetic on a table value (upvalue 'v') table
--> 1 nil nil nil true nil nil nil false false false false nil nil nil nil 110 nil nil nil nil
--> 2 1 1 1 true 1 1 1 true true true true 1 1 1 1 1 1 nil 1 nil
--> 3 1 1 1 true 1 1 1 true true true true 1 1 1 1 1 1 2 1 nil
--> 4 false false false true false false false false false false false false false false false 110 false nil false nil
--> 5 nil nil nil true nil nil nil false false false false nil nil nil nil 110 nil true nil nil
--> 6 a a a true a a a true true true true a a a a 1 a b a nil
--> 7 2 2 2 true 2 2 2 true true true true 2 2 2 2 1 2 nil 4 nil
--> 8 a a a true a a a true true true true a a a a 1 a nil a nil
--> 9 nil nil nil true nil nil nil false false false false nil nil nil nil 110 nil nil nil nil
--> 10 x 1 x true r b 1 true true true true a b b a 1 b a 1 nil
--> 11 table table table true table table table true true true true table table table table 1 table nil false nil
--> 12 x 1 x true r b 1 true true true true a b b a 1 b nil 1 nil
--> 13 a a a true a a a true true true true a a a a 1 a nil a nil
--> 25
--> 0 1 3 150
--> 100 62
--> 5 nil
--> attempt to call a table value
--> index C stack overflow
--> newindex C stack overflow
--> add C stack overflow
--> lt C stack overflow
--> len C stack overflow
--> concat C stack overflow
--> unm C stack overflow
--> a a a a 1 a a a a a 1 a a
--> index newindex index add lt eq len concat unm
--> 8
