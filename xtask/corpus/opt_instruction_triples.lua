-- Three instructions in one step: each may leave after any of them, be entered at any, and is seen one by one by hooks; and
-- operations on an integer and a float, whose operands may be anything else.
local function show(ok, v) return ok and tostring(v) or (tostring(v):gsub("^.-:(%d+): ", "%1: ")) end
local function try(f, ...) return show(pcall(f, ...)) end
local object = setmetatable({}, {
  __mul = function(a, b) return type(a) == "table" and 100 or 200 end, __add = function(a, b) return type(a) == "table" and 1000 or 2000 end,
  __sub = function(a, b) return type(a) == "table" and 10 or 20 end, __div = function(a, b) return type(a) == "table" and 3 or 4 end,
})
local values = { 2, 0.5, "3", object, false }

-- Two products and their sum: any kind of operand at any place.
local function squares(a, b, c, d) return a * b + c * d end
local function crossed(a, b, c, d) local p, q = a * b, c * d; return q + p end
local function twice(a, b) local p = a * b; local q = p * b; return p + q end
local function same(a, b) local p = a * b; p = b * b; return p + p end
for place = 1, 4 do
  local row = {}
  for _, v in ipairs(values) do
    local args = { 1.5, 2.0, 2.5, 4.0 }
    args[place] = v
    row[#row + 1] = try(squares, table.unpack(args)):gsub("^.*perform.*", "E") .. "," .. try(crossed, table.unpack(args)):gsub("^.*perform.*", "E")
  end
  print(table.concat(row, " "))
  --> 14.0,14.0 11.0,11.0 16.0,16.0 110.0,110.0 E,E
  --> 13.0,13.0 10.75,10.75 14.5,14.5 210.0,210.0 E,E
  --> 11.0,11.0 5.0,5.0 15.0,15.0 103.0,103.0 E,E
  --> 8.0,8.0 4.25,4.25 10.5,10.5 203.0,203.0 E,E
end
print(twice(1.5, 2.0), twice(3, 2), twice(1.5, 2), same(0.5, 4.0), same(3, 3), squares(1e308, 10.0, -1e308, 10.0) ~= 0, squares(-0.0, 1.0, 0.0, -1.0)) --> 9.0	18	9.0	32.0	18	true	-0.0
print(try(squares, 1.5, 2.0, nil, 4.0), try(squares, 1.5, nil, 2.0, 4.0), squares(math.maxinteger, 2, 1, 2)) --> 12: attempt to perform arithmetic on a nil value (local 'c')	12: attempt to perform arithmetic on a nil value (local 'b')	0

-- A sum of products in a loop: the sum, a factor or the loop changes its kind.
local function dot(x, y, s, from, to, step) for i = from, to, step or 1 do s = s + x[i] * y[i] end return s end
print(dot({ 1.5, 2, 3.0 }, { 2.0, 2.5, 4 }, 0.0, 1, 3), dot({ 1.5, 2.0 }, { 2.0, 2.5 }, 0, 1, 2), dot({ 1, 2 }, { 3, 4 }, 0, 1, 2), dot({}, {}, 7, 1, 0)) --> 20.0	8.0	11	7
print(dot({ 1.5, object }, { 2.0, 4.0 }, 0.5, 1, 2), dot({ 1.5, 2.0 }, { 2.0, 1.0 }, object, 1, 2), try(dot, { 1.5 }, { 2.0 }, {}, 1, 1), try(dot, { 1.5 }, { 2.0 }, 0.0, 1, 2)) --> 103.5	1002.0	33: attempt to perform arithmetic on a table value (local 's')	33: attempt to perform arithmetic on a nil value (field '?')
print(dot({ 1.5, 2.5 }, { 2.0, 4.0 }, 0.5, 2, 1, -1), dot({ 1.5, 2.5 }, { 2.0, 4.0 }, 0.5, 1.0, 2.0), dot({ 1.5, 2.5, 3.5 }, { 1.0, 1.0, 1.0 }, 0.0, 3, 1, -2)) --> 13.5	13.5	5.0
local steps = 0
local function counted(x, n) local s = 0.0; for i = 1, n do s = s + x * x end return s end
debug.sethook(function() steps = steps + 1 end, "", 1)
local s = counted(1.5, 10)
debug.sethook()
print(s, steps > 30) --> 22.5	true
local function escapes(n) local s, fs = 0.5, {}; for i = 1, n do fs[i] = function() return i + s end; s = s + 1.5 * s end return fs end
local fs = escapes(3)
print(fs[1](), fs[2](), fs[3]()) --> 8.8125	9.8125	10.8125

-- A field, a sum, and the field again: what is stored where, with metatables that come and go.
local function grow(t, v) t.n = t.n + v end
local function count(t) t.n = t.n + 1 end
local function lower(t) t.n = t.n - 1 end
local log = {}
local function proxy(inner) return setmetatable({}, { __index = function(_, k) log[#log + 1] = k; return inner[k] end, __newindex = function(_, k, v) log[#log + 1] = k .. "=" .. tostring(v); inner[k] = v end }) end
local plain, other, behind = { n = 1 }, { m = 0, k = 1, n = 0.5 }, { n = 40 }
local child = setmetatable({}, { __index = behind })
for _, t in ipairs { plain, other, proxy(plain), child, child, { n = object } } do grow(t, 2); grow(t, 0.25); count(t); lower(t); log[#log + 1] = tostring(rawget(t, "n")) end
print(plain.n, other.n, behind.n, child.n) --> 5.5	2.75	40	44.5
print(table.concat(log, " ")) --> 3.25 2.75 n n=5.25 n n=5.5 n n=6.5 n n=5.5 nil 42.25 44.5 1000.25
print(try(grow, { n = {} }, 1), try(grow, {}, 1), try(count, { n = "x" }), try(count, nil), try(count, 5), try(grow, { n = 1 }, nil)) --> 48: attempt to perform arithmetic on a table value (field 'n')	48: attempt to perform arithmetic on a nil value (field 'n')	49: attempt to add a 'string' with a 'number'	49: attempt to index a nil value (local 't')	49: attempt to index a number value (local 't')	48: attempt to perform arithmetic on a nil value (local 'v')
local locked = setmetatable({ n = 1 }, { __newindex = function() error("locked", 0) end })
grow(locked, 1); count(locked)
print(locked.n, pcall(function() locked.n = nil; grow(setmetatable({}, { __index = { n = 1 }, __newindex = function() error("locked", 0) end }), 1) end)) --> 3	false	locked
local function late(t) t.n = t.n + t.v end
local turned = setmetatable({ n = 1 }, { __index = function(t) setmetatable(t, { __newindex = function() error("never") end }); return 5 end })
late(turned); print(turned.n) --> 6
local vanishing = setmetatable({ n = object }, nil)
getmetatable(object).__add = function(a) vanishing.n = nil; return 77 end
grow(vanishing, 1); print(vanishing.n) --> 77
getmetatable(object).__add = function(a, b) return coroutine.yield(type(b)) end
local co = coroutine.wrap(function() local t = { n = object }; grow(t, 1.5); return t.n end)
print(co(), co("answer")) --> number	answer
local old = {}
for i = 1, 300 do old[i] = { n = i } end
collectgarbage()
for i = 1, 300 do grow(old[i], 0.5) end
getmetatable(object).__add = function(a, b) return { i = b } end
for i = 1, 300 do old[i].n = object; grow(old[i], i) end
collectgarbage(); collectgarbage()
local sum = 0
for i = 1, 300 do sum = sum + old[i].n.i end
print(sum) --> 45150

-- Getters, setters and methods: what is called, with what, and who is called when it is no function.
local Class = {}; Class.__index = Class
function Class:get() return self.v end
function Class:set(v) self.v = v end
function Class:both(a, b) self.v = a; self.w = b end
function Class:sum() return self.v + self.w end
function Class:pass(other) return other:get() end
function Class:inner() return self.o:get() end
function Class.none() end
local a = setmetatable({ v = 1, w = 2 }, Class)
a.o = a
print(a:get(), a:sum(), a:pass(a), a:inner(), (a:none()), select("#", a:none()), select("#", a:set(3)), a.v) --> 1	3	1	1	nil	0	0	3
a:both("x"); print(a.v, a.w, a:get()) --> x	nil	x
a:both(1.5, 2); print(a:sum(), (a:get()), a:pass { get = function(_, ...) return select("#", ...) end }) --> 3.5	1.5	0
local strict = setmetatable({}, { __index = Class, __newindex = function(t, k, v) rawset(t, k, v and v .. "!" or "none") end })
strict:both("p"); print(strict.v, strict.w); strict:both("q"); print(strict.v, strict.w)
--> p!	none
--> q	nil
print(try(a.pass, a, {}), try(a.pass, a, nil), try(a.inner, { o = 5 }), try(a.inner, {}), try(a.sum, { v = 1 }), try(a.get, 7)) --> 88: attempt to call a nil value (method 'get')	88: attempt to index a nil value (local 'other')	89: attempt to index a number value (field 'o')	89: attempt to index a nil value (field 'o')	87: attempt to perform arithmetic on a nil value (field 'w')	84: attempt to index a number value (local 'self')
print(("x"):rep(3), a.pass(a, { get = setmetatable({}, { __call = function(self, o) return type(o) end }) }), try(a.pass, a, { get = 5 })) --> xxx	table	88: attempt to call a number value (method 'get')
local function returns(o) return o.v end
print(select("#", returns(a)), (returns(a)), returns { v = nil }, returns(setmetatable({}, { __index = function() return 8, 9 end })), try(returns, nil)) --> 1	1.5	nil	8	102: attempt to index a nil value (local 'o')
local function added(x, y) return x + y end
print(added(1, 2), added(1.5, 2), added(2, 1.5), added("10", 5), select("#", added(1, 2)), try(added, 1, nil), added(math.maxinteger, 1)) --> 3	3.5	3.5	15	1	104: attempt to perform arithmetic on a nil value (local 'y')	-9223372036854775808
local function stored(t, i, x, y) t[i] = x - y return t[i] end
print(stored({}, 1, 2.5, 1), stored({ 1 }, 1, 5, 7), stored(proxy {}, "k", 1, 0.5), stored({}, 1, object, 1), try(stored, {}, nil, 1, 2), try(stored, {}, 1, {}, 2)) --> 1.5	-2	0.5	10	106: table index is nil	106: attempt to perform arithmetic on a table value (local 'x')
local function three(f, x, y) local a, b = x, y; return (f(a, b)) end
print(three(math.max, 3, 7), three(function(...) return select("#", ...) end, nil, nil), three(setmetatable({}, { __call = function(_, p, q) return p .. q end }), 1, 2), try(three, nil, 1, 2)) --> 7	2	12	108: attempt to call a nil value (local 'f')

-- One integer and one float, and constants of both kinds; the operands of a handler are what the source had.
local kinds = {}
local seen = setmetatable({}, { __add = function(x, y) kinds[#kinds + 1] = math.type(x) or math.type(y) end, __mul = function(x, y) kinds[#kinds + 1] = math.type(x) or math.type(y) end,
  __div = function(x, y) kinds[#kinds + 1] = math.type(x) or math.type(y) end, __sub = function(x, y) kinds[#kinds + 1] = math.type(x) or math.type(y) end })
local _ = seen * 2, seen * 2.0, 2 * seen, 2.0 * seen, seen / 2, seen / 2.0, 1 / seen, 1.0 / seen, seen - 100000, seen - 0.5, seen + 100000, seen + 0.5
print(table.concat(kinds, " ")) --> integer float integer float integer float integer float integer float integer float
local function mixed(x) return x * 2 + 1.5, 2.5 * x - 1, x / 4, 4 / x, x - 0.5, 100000 + x, x + 100000.5, x * 3 - 0.25 end
print(mixed(3)); print(mixed(3.5)); print(mixed("3")); print(mixed(math.mininteger)); print(mixed(2^53 + 0.0)); print(mixed(9007199254740993))
--> 7.5	6.5	0.75	1.3333333333333	2.5	100003	100003.5	8.75
--> 8.5	7.75	0.875	1.1428571428571	3.0	100003.5	100004.0	10.25
--> 7.5	6.5	0.75	1.3333333333333	2.5	100003	100003.5	8.75
--> 1.5	-2.3058430092137e+19	-2.3058430092137e+18	-4.336808689942e-19	-9.2233720368548e+18	-9223372036854675808	-9.2233720368547e+18	-9.2233720368548e+18
--> 1.8014398509482e+16	2.2517998136852e+16	2.2517998136852e+15	4.4408920985006e-16	9.007199254741e+15	9.007199254841e+15	9.007199254841e+15	2.7021597764223e+16
--> 1.8014398509482e+16	2.2517998136852e+16	2.2517998136852e+15	4.4408920985006e-16	9.007199254741e+15	9007199254840993	9.007199254841e+15	2.7021597764223e+16
print(7 / 0, -7 / 0, 0 / 0 ~= 0 / 0, 7 / 0.0, 1 / -0.0, math.maxinteger + 0.0 == 2^63, math.maxinteger * 1.0, 3 - 0.5, 0.5 - 3) --> inf	-inf	true	inf	-inf	true	9.2233720368548e+18	2.5	-2.5
