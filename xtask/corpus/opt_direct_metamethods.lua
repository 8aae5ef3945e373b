-- Metamethods that are Lua functions: results, chains, errors, changes in the middle, and what is no Lua function.
local function say(...)
  local t = table.pack(...)
  for i = 1, t.n do t[i] = tostring(t[i]) end
  print(table.concat(t, " "))
end
local function strip(m) return (tostring(m):gsub("^.-:%d+: ", "")) end
local function fails(f, ...) local ok, m = pcall(f, ...); return strip(m) end

-- __index: how many results, which receiver, chains long and short, and every kind of access.
local none = setmetatable({}, { __index = function() end }); local two = setmetatable({}, { __index = function(_, k) return k, "second" end })
say(none.x, none[1], none[2.5], two.x, two[1], two["a" .. "b"], (two.y)); local a, b = two.x; say(a, b); local t = { two.p, two.q }; say(#t)
local base = setmetatable({}, { __index = function(self, k) return k .. ":" .. rawget(self, "name") end }); rawset(base, "name", "base")
local mid = setmetatable({ name = "mid" }, { __index = base }); local top = setmetatable({}, { __index = mid }); say(top.name, top.other, top[1])
local far = { deep = "found" }; for i = 1, 40 do far = setmetatable({}, { __index = far }) end; say(far.deep, far.missing, far[1])
local ring = {}; setmetatable(ring, { __index = ring }); say(fails(function() return ring.x end)); say(fails(function() return ring[1] end)); say(fails(function() ring2 = setmetatable({}, {}); getmetatable(ring2).__newindex = ring2; ring2.x = 1 end))
say(setmetatable({}, { __index = "text" }).len == string.len, fails(function() return setmetatable({}, { __index = 5 }).x end), setmetatable({}, { __index = math.max and function(_, k) return k end }).key)
say(setmetatable({}, { __index = rawlen and function(t) return rawlen(t) end }).x, setmetatable({}, { __index = setmetatable({}, { __call = function(_, t, k) return "called " .. tostring(k) end }) }).zzz)
local obj = setmetatable({}, { __index = function(_, k) return function(self, x) return k .. tostring(x) end end }); say(obj:method(5), obj.other(nil, 6))
say(fails(function() return setmetatable({}, { __index = function() error("in handler", 0) end }).x end)); say(fails(function() return (nil).x end))
local env = setmetatable({}, { __index = function(_, k) return "global " .. k end, __newindex = function(t, k, v) rawset(t, k, v * 2) end })
say(load("x = 4; return x, y", "=c", "t", env)())

-- Default changes while a loop runs.
local class, out = {}, {}; local o = setmetatable({}, class)
for i = 1, 8 do
  out[i] = tostring(o.v) .. tostring(o[i])
  if i == 1 then class.__index = { v = "t" } elseif i == 2 then class.__index = function(_, k) return "f" end elseif i == 3 then class.__index = nil elseif i == 4 then class.__index = class; class.v = "c" elseif i == 5 then setmetatable(o, nil) elseif i == 6 then o.v = "own"; setmetatable(o, { __index = function() return "n" end }) elseif i == 7 then o.v = nil end
end
say(table.concat(out, " "))

-- __newindex: present and absent keys, chains, raw stores, bad keys, self as a metatable.
local log = {}; local function note(t, k, v) log[#log + 1] = tostring(k) .. "=" .. tostring(v) end
local n = setmetatable({ here = 1, [1] = "a" }, { __newindex = note }); n.here = 2; n.there = 3; n[1] = "b"; n[2] = "c"; n.here = nil; n.here = 4; n["dy" .. "n"] = 5; n[3.0] = 6; n[2.5] = 7; n[true] = 8
say(table.concat(log, " ")); say(n.here, n.there, n[1], n[2])
local store = {}; local via = setmetatable({}, { __newindex = setmetatable({}, { __newindex = store }) }); via.x = 1; via[1] = 2; say(rawget(via, "x"), store.x, store[1])
say(fails(function() setmetatable({}, {})[nil] = 1 end), fails(function() setmetatable({}, {})[0/0] = 1 end), pcall(function() setmetatable({}, { __newindex = function() end })[nil] = 1 end))
local meta = {}; meta.__index = meta; meta.__newindex = nil; local inst = setmetatable({}, meta); inst.a = 1; meta.__newindex = function(t, k, v) rawset(t, k, "via " .. v) end; inst.b = "x"; inst.a = 2; say(inst.a, inst.b)
local selfmeta = {}; setmetatable(selfmeta, selfmeta); selfmeta.x = 1; selfmeta.__newindex = function(t, k, v) rawset(t, k, v + 1) end; selfmeta.y = 5; rawset(selfmeta, "__index", function(_, k) return k end); say(selfmeta.x, selfmeta.y, selfmeta.z)
local arr = setmetatable({}, { __index = { sum = function(s) local r = 0; for i = 1, #s do r = r + s[i] end return r end } }); for i = 1, 100 do arr[#arr + 1] = i end; arr[100] = nil; say(#arr, arr:sum(), arr[100], arr[101])
local nums = setmetatable({ 1, 2, 3 }, { __newindex = function(t, k, v) rawset(t, k, -v) end }); nums[2] = nil; nums[2] = 5; nums[4] = 6; say(nums[1], nums[2], nums[3], nums[4])
local weak = setmetatable({}, { __mode = "k", __index = function() return "default" end, __newindex = function(t, k, v) rawset(t, k, v) end }); local key = {}; weak[key] = "kept"; say(weak[key], weak[{}], weak.x)
local ud = io.stdout; say(ud.write ~= nil, fails(function() ud.x = 1 end):sub(1, 16)); getmetatable("").__newindex = function() log = "string set" end; local s = "x"; s.y = 1; getmetatable("").__newindex = nil; say(log)

-- Operators: order of operands, constants, mixed types, comparison results as booleans, missing handlers.
local V = {}; local function v(x) return setmetatable({ x = x }, V) end; local function val(o) return type(o) == "table" and o.x or o end
for _, op in ipairs { "add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr", "concat" } do V["__" .. op] = function(a, b) return op .. tostring(val(a)) .. "," .. tostring(val(b)) end end
V.__unm = function(a, b) return "unm" .. val(a) .. tostring(rawequal(a, b)) end; V.__bnot = function(a) return "bnot" .. val(a), "dropped" end; V.__len = function(a) return "len" .. val(a) end
local p, q = v(1), v(2); say(p + q, p - 3, 3 - p, p * 2.5, "s" .. p, p .. "s", p .. 1 .. q, 2 ^ p, p // q, 7 % p, p / 0); say(p & 1, 1 | p, p ~ 2.0, p << 1, 1 << p, p >> 2, ~p, -p, #p)
say(p + "10", "10" + p, p + nil, p + true); say(fails(function() return {} + 1 end), fails(function() return 1 + {} end), fails(function() return {} < {} end), fails(function() return {} < 1 end), fails(function() return {} .. "x" end), fails(function() return #nil end))
V.__lt = function(a, b) return val(a) < val(b) and "yes" end; V.__le = function(a, b) return val(a) <= val(b) or nil end; V.__eq = function(a, b) return val(a) == val(b) and 0 end
say(p < q, q < p, p <= q, q <= p, p > q, p >= q, p < 5, 5 < p, p <= 1, 1 >= p, p > 0, 0 > p, p < 1.5, p == q, p == v(1), p ~= v(1), p ~= q, p == 1)
local r = {}; if p < q then r[1] = "a" end; if not (q < p) then r[2] = "b" end; while p > q do r[3] = "never" end; r[3] = p < q and "c" or "d"; r[4] = (p == v(1)) and "e" or "f"; r[5] = p ~= v(1) and "g" or "h"; say(table.concat(r))
local W = { __eq = function() return true end }; local w1, w2 = setmetatable({}, W), setmetatable({}, {}); say(w1 == w2, w2 == w1, w1 == {}, {} == w1, w1 == 1, w1 ~= w2, rawequal(w1, w2), {} == {})
setmetatable(w1, nil); say(w1 == w2, w1 == w1); say("a" < "b", "b" <= "a", "a" == "a", "Z" < "a", "" < "x", "a\0b" < "a\0c", 1 < 1.5, 2^53 == 2^53 + 1, math.maxinteger < math.huge, 1 == 1.0)
local C = setmetatable({}, { __lt = setmetatable({}, { __call = function(_, a, b) return "callable" end }), __add = math.max and function(a, b) return select("#", a, b) end, __call = function(self, ...) return select("#", ...), ... end }); say(C < C, C + C, C(1, nil), C()); say(fails(function() local x = setmetatable({}, { __add = 5 }); return x + 1 end))
V.__add = function(a, b) V.__add = function() return "changed" end; return "first" end; local res = {}; for i = 1, 3 do res[i] = p + i end; say(table.concat(res, " "))
V.__lt = nil; say(fails(function() return p < q end)); V.__lt = function() error("cmp", 0) end; say(fails(function() return p < q end)); V.__eq = nil; say(p == v(1))
local depth = setmetatable({}, { __index = function(t, k) if k == 0 then return 0 end return t[k - 1] + 1 end }); say(depth[100])
-- Names and levels that handlers see; hooks; a stack that has to grow.
local T = setmetatable({}, { __index = function(_, k) local i = debug.getinfo(1, "nS"); return tostring(i.name) .. i.namewhat .. i.what end, __add = function() return debug.getinfo(1, "n").name end }); say(T.field, T + 1)
local events = 0; debug.sethook(function() events = events + 1 end, "c"); local _ = two.x; debug.sethook(); say(events >= 1)
local big = setmetatable({}, { __index = function(_, k) local a1, a2, a3, a4, a5, a6, a7, a8, a9 = 1, 2, 3, 4, 5, 6, 7, 8, 9; return a1 + a9 + select("#", table.unpack({}, 1, 200)) end }); say(coroutine.wrap(function() return big.x end)())
say(#setmetatable({ 1, 2 }, {}), #setmetatable({ 1, 2 }, { __len = function() return 7, 8 end }), #"text", #setmetatable({}, { __index = function() return 1 end }))

--> nil nil nil x 1 ab y
--> x nil
--> 2
--> mid other:base 1:base
--> found nil nil
--> '__index' chain too long; possible loop
--> '__index' chain too long; possible loop
--> '__newindex' chain too long; possible loop
--> true attempt to index a number value key
--> 0 nil
--> method5 other6
--> in handler
--> attempt to index a nil value
--> 8 global y
--> nilnil tnil ff nilnil cnil nilnil ownn nn
--> there=3 2=c here=4 dyn=5 3.0=6 2.5=7 true=8
--> nil nil b nil
--> nil 1 2
--> table index is nil table index is NaN true
--> 2 via x
--> 1 6 z
--> 99 4950 nil nil
--> 1 -5 3 -6
--> kept default default
--> true attempt to index
--> string set
--> add1,2 sub1,3 sub3,1 mul1,2.5 concats,1 concat1,s concat1,concat1,2 pow2,1 idiv1,2 mod7,1 div1,0
--> band1,1 bor1,1 bxor1,2.0 shl1,1 shl1,1 shr1,2 bnot1 unm1true len1
--> add1,10 add10,1 add1,nil add1,true
--> attempt to perform arithmetic on a table value attempt to perform arithmetic on a table value attempt to compare two table values attempt to compare table with number attempt to concatenate a table value attempt to get length of a nil value
--> true false true false false false true false true true true false true false true false true false
--> abceh
--> true true true true false false false false
--> false true
--> true false true true true true true true true true
--> true 2 2 0
--> attempt to call a number value (metamethod 'add')
--> first changed changed
--> attempt to compare two table values
--> cmp
--> false
--> 100
--> indexmetamethodLua add
--> true
--> 210
--> 2 7 4 0
