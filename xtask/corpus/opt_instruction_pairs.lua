-- Instructions that are executed in pairs: each leaves the pair after the first or in the second, is entered at the second,
-- and is seen one by one by hooks.
local function show(ok, v) return ok and tostring(v) or (tostring(v):gsub("^.-:(%d+): ", "%1: ")) end
local function try(f, ...) return show(pcall(f, ...)) end

-- A product and a sum: either operand of any kind, on the left and on the right, on two lines.
local function left(a, b, c) return a * b + c end
local function right(a, b, c) return c + a * b end
local function both(a, b) local p = a * b; return p + p end
local function lines(a, b, c)
  local p = a *
    b
  return p +
    c
end
local object = setmetatable({}, { __mul = function() return 5 end, __add = function(x, y) return "sum:" .. type(x) .. type(y) end })
local giver = setmetatable({}, { __mul = function() return object end })
local values = { 2, 0.5, "3", "0x1p1", object, giver, false }
local function short(...) return (try(...):gsub("^.*perform arithmetic.*", "E"):gsub("sum:(%w).-(%a%a)$", "%1%2")) end
for i = 1, 7 do
  local row = {}
  for j = 1, 7 do row[#row + 1] = short(left, values[i], 1.5, values[j]) .. "," .. short(right, 1.5, values[i], values[j]) end
  print(table.concat(row, " "))
  --> 5.0,5.0 3.5,3.5 6.0,6.0 5.0,5.0 nle,ter E,E E,E
  --> 2.75,2.75 1.25,1.25 3.75,3.75 2.75,2.75 nle,ter E,E E,E
  --> 6.5,6.5 5.0,5.0 7.5,7.5 6.5,6.5 nle,ter E,E E,E
  --> 5.0,5.0 3.5,3.5 6.0,6.0 5.0,5.0 nle,ter E,E E,E
  --> 7,7 5.5,5.5 8,8 7.0,7.0 nle,ter E,E E,E
  --> ter,nle ter,nle tng,sle tng,sle tle,tle tle,tle tan,ble
  --> E,E E,E E,E E,E E,E E,E E,E
end
print(left(2.5, 4.0, 1), left(2.5, 4.0, 1.0), right(2.5, 4, 1), both(1.5, 2.0), both(2, 3)) --> 11.0	11.0	11.0	6.0	12
local nan = left(1e308, 10.0, -math.huge)
print(nan ~= nan, right(0.0, -1.0, 0.0), left(math.maxinteger, 2, 2)) --> true	0.0	0
print(try(lines, 1.5, {}, 1), try(lines, 1.5, 2.0, {}), try(lines, 1.5, 2.0, nil)) --> 11: attempt to perform arithmetic on a table value (local 'b')	13: attempt to perform arithmetic on a table value (local 'c')	13: attempt to perform arithmetic on a nil value (local 'c')
local function chain(x, y) return x * y * x * y + x * y end
print(chain(1.5, 2.0), chain(3, 2), chain(3, 0.5), chain("2", 1.5)) --> 12.0	42	3.75	12.0

-- Elements: the first is the table of the second, its key, its value; a handler takes the place of any.
local log = {}
local function logged(name, t) return setmetatable({}, { __index = function(_, k) log[#log + 1] = name .. tostring(k); return t[k] end,
  __newindex = function(_, k, v) log[#log + 1] = name .. tostring(k) .. "="; t[k] = v end }) end
local function inner(t, i, j) return t[i][j] end
local function swap(t, i, j) t[i], t[j] = t[j], t[i] end
local function total(t, i, j) return t[i] + t[j] end
local function dot(s, t, i) return s[i] * t[i] + s[i + 1] * t[i + 1] end
local function copy(from, to, n) for i = 1, n do to[i] = from[i] end return to end
local rows = { { 1, 2 }, { 3.5, "4" } }
local watched = logged("w", rows)
print(inner(rows, 1, 2), inner(rows, 2, 2), inner(watched, 2, 1), inner({ logged("r", { 9 }) }, 1, 1)) --> 2	4	3.5	9
print(try(inner, rows, 3, 1), try(inner, rows, 1, nil), try(inner, { 5 }, 1, 1), try(inner, nil, 1, 1)) --> 43: attempt to index a nil value (field '?')	nil	43: attempt to index a number value (field '?')	43: attempt to index a nil value (local 't')
local pair = { 1, 2 }
swap(pair, 1, 2); print(pair[1], pair[2], rawlen(pair)) --> 2	1	2
swap(watched, 1, 2); print(rows[1][1], rows[2][1]) --> 3.5	1
swap(pair, 1, 7); print(pair[1], pair[7], #pair) --> nil	2	2
print(total(rows[2], 1, 2), total(rows[1], 1, 2), try(total, rows[2], 2, 3), try(total, { {} , 1 }, 1, 2)) --> 3	7.5	45: attempt to perform arithmetic on a nil value (field '?')	45: attempt to perform arithmetic on a table value (field '?')
print(dot({ 1, 2.5 }, { 3, 4 }, 1), dot({ 1.5, 2 }, { 2.0, 0.25 }, 1), try(dot, { 1 }, { 2 }, 1), dot({ 1, object }, { 3, 4 }, 1)) --> 13.0	3.5	46: attempt to perform arithmetic on a nil value (field '?')	8
print(copy({ 1, 2, nil, 4 }, {}, 4)[4], copy(logged("c", { 7, 8 }), logged("d", {}), 2)[2]) --> 4	8
print(table.concat(log, " ")) --> w2 r1 w2 w1 w2= w1= c1 d1= c2 d2= d2

-- Tests of elements, where nil, false and handlers decide.
local function count(t, n) local c = 0; for i = 1, n do if t[i] then c = c + 1 end end return c end
local function none(t, n) local c = 0; for i = 1, n do if not t[i] then c = c + 1 end end return c end
local some = { true, false, nil, 0, "" }
print(count(some, 5), none(some, 5), count(setmetatable({}, { __index = some }), 5), none(logged("t", some), 5)) --> 3	2	3	2
print(try(count, nil, 1), try(none, 5, 1)) --> 62: attempt to index a nil value (local 't')	63: attempt to index a number value (local 't')

-- Fields.
local point = setmetatable({ x = 1.5, y = 2 }, { __index = { z = 4 } })
local function length(p, q) return (p.x - q.x) * (p.y - q.y) + p.z * q.z + (p.x + q.z) end
print(length(point, { x = 0.5, y = 1, z = 0.5 }), length(point, point), try(length, point, {}), try(length, {}, point)) --> 5.0	21.5	70: attempt to perform arithmetic on a nil value (field 'x')	70: attempt to perform arithmetic on a nil value (field 'x')
local deep = { a = { b = { c = "end" } } }
local function fields(t) return t.a.b.c end
print(fields(deep), try(fields, { a = {} }), try(fields, {}), try(fields, { a = "s" })) --> end	73: attempt to index a nil value (field 'b')	73: attempt to index a nil value (field 'a')	73: attempt to index a nil value (field 'b')

-- Loops that end with a store, a sum, a step; variables that are captured or change in the body.
local t = {}
for i = 1, 5 do t[i] = i end
for i = 5, 1, -2 do t[i] = nil end
for i = 1.0, 2 do t[i] = 7 end
print(t[1], t[2], t[3], t[4], t[5]) --> 7	7	nil	4	nil
local s = 0
for i = 1, 4 do s = s + i end
for i = 1, 2 do s = s + 0.5 end
for _, v in ipairs { 1, 2, 3 } do s = s + v end
print(s, try(function() local q = "x"; for i = 1, 2 do q = q + i end end)) --> 17.0	86: attempt to add a 'string' with a 'number'
print(try(function() local frozen = setmetatable({}, { __newindex = function(_, k) error("no " .. k) end }); for i = 1, 2 do frozen[i] = i end end)) --> 87: no 1
local n, m = 0, 0
while n < 10 do m = m + 2 n = n + 1 end
repeat m = m + 1 n = n - 1 until n <= 0
print(n, m) --> 0	30
local co = coroutine.wrap(function()
  local slow = setmetatable({}, { __newindex = function(u, k, v) rawset(u, k, coroutine.yield(v)) end, __index = function(_, k) return coroutine.yield(k) end })
  for i = 1, 3 do slow[i] = i * 10 end
  return slow[1] + slow[4] * slow[5], slow[7][1]
end)
print(co(), co("a"), co("b"), pcall(co, "c")) --> 10	20	30	true	4
local again = coroutine.wrap(function() local u = setmetatable({}, { __index = function(_, k) return coroutine.yield(k) end }); return u[1] + u[2] * u[3] + u[4] end)
print(again(), again(1), again(2.5), again(4), again(0.5)) --> 1	2	3	4	11.5

-- Moves, and a jump to the second of two.
local function rotate(a, b, c) a, b, c = b, c, a; return a, b, c end
print(rotate(1, nil, "x")) --> nil	x	1
local function into(a, b, skip)
  local x, y = 1, 2
  if skip then goto second end
  x = a
  ::second::
  y = b
  return x, y
end
print(into("a", "b", true), into("a", "b", false)) --> 1	a	b

-- Hooks see every instruction, wherever they are set; the same function runs with and without.
local function work(a, b) local r = a[1] * b[1] + a[2] * b[2]; local p, q = r, r; return p + q end
local steps, seen = 0, {}
local function counted()
  steps = 0
  debug.sethook(function() steps = steps + 1 end, "", 1)
  local r = work({ 1.5, 2 }, { 2.0, 3 })
  debug.sethook()
  return r
end
print(counted(), work({ 1.5, 2 }, { 2.0, 3 }), steps > 15) --> 18.0	18.0	true
local first = steps; counted(); print(steps == first) --> true
local setter = setmetatable({ 1 }, { __index = function(_, k) debug.sethook(function(_, line) seen[#seen + 1] = line end, "l"); return k end })
local function long(a)
  local r = a[1] +
    a[2] *
    a[3]
  debug.sethook()
  return r
end
print(long(setter), #seen > 1) --> 7	true

-- A dumped function has no pairs in it, and gets them again.
local dumped = load(string.dump(function(a, b, c) local t = {}; for i = 1, 3 do t[i] = a * b + c end return t[1] + t[2], t[3] end))
print(dumped(1.5, 2.0, 0.25), dumped(2, 3, 4)) --> 6.5	20	10
