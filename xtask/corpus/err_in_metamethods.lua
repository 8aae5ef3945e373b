-- Errors raised inside of metamethods and callbacks: positions, names in messages, state afterwards.
local function strip(m) return (tostring(m):gsub("^[^:]+:%d+: ", "")) end
local function try(f, ...) local ok, m = pcall(f, ...); return (ok and "ok " or "") .. strip(m) end
local events = {"add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr", "unm", "bnot", "concat", "len", "eq", "lt", "le", "index", "newindex", "call", "tostring", "pairs", "close"}
local mt = {}
for _, ev in ipairs(events) do mt["__" .. ev] = function() error("in " .. ev, 0) end end
local o, p = setmetatable({}, mt), setmetatable({}, mt)
local uses = {function() return o + 1 end, function() return 1 - o end, function() return o * o end, function() return o / 2 end, function() return o % 2 end, function() return 2 ^ o end, function() return o // 1 end, function() return o & 1 end, function() return 1 | o end, function() return o ~ o end,
  function() return o << 1 end, function() return 1 >> o end, function() return -o end, function() return ~o end, function() return o .. "x" end, function() return #o end, function() return o == p end, function() return o < p end, function() return o <= 1 end, function() return o.x end, function() o.x = 1 end, function() return o() end,
  function() return tostring(o) end, function() for k in pairs(o) do end end, function() local c <close> = o end}
for i, f in ipairs(uses) do io.write(events[i], ": ", try(f), "\n") end
--> add: in add
--> sub: in sub
--> mul: in mul
--> div: in div
--> mod: in mod
--> pow: in pow
--> idiv: in idiv
--> band: in band
--> bor: in bor
--> bxor: in bxor
--> shl: in shl
--> shr: in shr
--> unm: in unm
--> bnot: in bnot
--> concat: in concat
--> len: in len
--> eq: in eq
--> lt: in lt
--> le: in le
--> index: in index
--> newindex: in newindex
--> call: in call
--> tostring: in tostring
--> pairs: in pairs
--> close: in close
-- The same from library functions.
print(try(table.concat, setmetatable({}, {__len = mt.__len}))); print(try(string.format, "%s", o)); print(try(print, o)); print(try(table.insert, setmetatable({}, {__newindex = mt.__newindex}), 1)); print(try(ipairs({}), setmetatable({}, {__index = mt.__index}), 0)); print(try(table.sort, {o, p})); print(try(string.rep, o)); print(try(math.max, o, p)); print(try(select, o))
--> in len
--> in tostring
--> in tostring
--> in newindex
--> in index
--> in lt
--> bad argument #1 to 'string.rep' (string expected, got table)
--> in lt
--> bad argument #1 to 'select' (number expected, got table)
-- Wrong results of metamethods.
print(try(tostring, setmetatable({}, {__tostring = function() return {} end}))); print(try(function() for k in pairs(setmetatable({}, {__pairs = function() return 1 end})) do end end)); print(try(table.unpack, setmetatable({}, {__len = function() return "x" end}))); print(try(setmetatable, setmetatable({}, {__metatable = 1}), {}))
--> '__tostring' must return a string
--> attempt to call a number value (for iterator 'for iterator')
--> object length is not an integer
--> cannot change a protected metatable
-- Non-function metamethods name the event.
for _, ev in ipairs {"add", "concat", "unm", "len", "eq", "lt", "le", "call", "close"} do
  local bad = setmetatable({}, {["__" .. ev] = 5})
  local bad2 = setmetatable({}, getmetatable(bad))
  print(ev, try(({add = function() return bad + 1 end, concat = function() return bad .. 1 end, unm = function() return -bad end, len = function() return #bad end, eq = function() return bad == bad2 end, lt = function() return bad < bad2 end, le = function() return bad <= bad2 end, call = function() return bad() end, close = function() local c <close> = bad end})[ev]))
  --> add	attempt to call a number value (metamethod 'add')
  --> concat	attempt to call a number value (metamethod 'concat')
  --> unm	attempt to call a number value (metamethod 'unm')
  --> len	attempt to call a number value (metamethod 'len')
  --> eq	attempt to call a number value (metamethod 'eq')
  --> lt	attempt to call a number value (metamethod 'lt')
  --> le	attempt to call a number value (metamethod 'le')
  --> call	attempt to call a number value (upvalue 'bad')
  --> close	attempt to call a number value (metamethod 'close')
end
-- Position levels: error(…, 2) in a metamethod blames the operation's line.
local chunk = load("local t = setmetatable({}, {__index = function(_, k) error('no field ' .. k, 2) end,\n__add = function() error('cannot add', 2) end, __call = function() error('not now', 2) end})\nlocal function a() return t.x end\nlocal function b() return t + 1 end\nlocal function c() t() end\nreturn a, b, c", "=m")
local a, b, c = chunk()
print(select(2, pcall(a)), select(2, pcall(b)), select(2, pcall(c))) --> m:3: no field x	m:4: cannot add	m:5: not now
-- Errors in comparison functions, gsub callbacks, load readers, iterators, handlers; then the same call works.
local armed = true
local function maybe(v) if armed then error("armed", 0) end return v end
local calls = {function() local t = {2, 1}; table.sort(t, function(x, y) return maybe(x < y) end); return t[1] end, function() return (("x"):gsub("x", function(s) return maybe(s:upper()) end)) end, function() return load(function() armed_reader = not armed_reader; return armed_reader and maybe("return 5") or nil end) end,
  function() for v in function(_, k) return maybe(not k and 1 or nil) end do return v end end, function() return setmetatable({}, {__index = function(_, k) return maybe(k) end}).field end}
for _, f in ipairs(calls) do armed, armed_reader = true, false; local first = try(f); armed, armed_reader = false, false; local second = f(); io.write(first, " then ", type(second), "\n") end
--> armed then number
--> armed then string
--> ok nil then function
--> armed then number
--> armed then string
armed_reader = nil
-- Deep chains: an error at the bottom of metamethods calling one another.
local depth_mt = {}
depth_mt.__add = function(x, n) if n == 0 then error({depth = "bottom"}) end return x + (n - 1) end
local ok, m = pcall(function() return setmetatable({}, depth_mt) + 30 end)
print(ok, m.depth) --> false	bottom
print(pcall(function() return setmetatable({}, depth_mt) + 0 end) == false, try(function() return o + p end)) --> true	in add
