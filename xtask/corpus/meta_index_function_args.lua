-- __index functions in every form of access; yields inside of them; self-modifying tables.
local log = {}
local t = setmetatable({}, {__index = function(self, k) log[#log + 1] = "get " .. tostring(k); return k end,
                            __newindex = function(self, k, v) log[#log + 1] = "set " .. tostring(k) .. "=" .. (type(v) == "function" and "function" or tostring(v)) end})
local function flush() local s = table.concat(log, ", "); log = {}; return s end
local key, _ = "dynamic", t.field
_ = t[key], t[1], t[1.5], t[true], t["two words"], t[300]
t.field = 1; t[key] = 2; t[1] = 3; t[2.5] = 4; t[false] = 5; t[1000] = 6
print(flush())
--> get field, get dynamic, get 1, get 1.5, get true, get two words, get 300, set field=1, set dynamic=2, set 1=3, set 2.5=4, set false=5, set 1000=6
local x = t.a .. t.b
t.count = (t.count or "none")
local y = t.c == "c" and t.d
print(x, y, flush()) --> ab	d	get a, get b, get count, set count=count, get c, get d
print(#t.abc, -t[5], t[3] + t[4], t.x < t.y, flush()) --> 3	-5	7	true	get abc, get 5, get 3, get 4, get x, get y
function t:method() end
print(flush()) --> set method=function
function t.nested() end
print(pcall(function() t.m.n = 1 end) == false, flush()) --> true	set nested=function, get m
-- Lazy fields: computed once.
local computed = 0
local lazy = setmetatable({}, {__index = function(self, k) computed = computed + 1; local v = k .. computed; rawset(self, k, v); return v end})
print(lazy.a, lazy.b, lazy.a, lazy.b, computed) --> a1	b2	a1	b2	2
-- Yields in __index and __newindex, with the result used in an expression and in a condition.
local remote = setmetatable({}, {__index = function(_, k) return coroutine.yield("get " .. k) end,
                                 __newindex = function(_, k, v) coroutine.yield("set " .. k .. " " .. tostring(v)) end})
local co = coroutine.wrap(function()
  local sum = remote.a + remote.b
  remote.total = sum
  if remote.flag then remote.seen = remote.c .. "!" end
  for i = 1, remote.n do remote[i .. ""] = i end
  return "finished", sum
end)
print(co()); print(co(1)); print(co(2)); print(co()); print(co(true)); print(co("text")); print(co()); print(co(2)); print(co()); print(co())
--> get a
--> get b
--> set total 3
--> get flag
--> get c
--> set seen text!
--> get n
--> set 1 1
--> set 2 2
--> finished	3
-- Default values, counters, read-only tables.
local counts = setmetatable({}, {__index = function() return 0 end})
for w in ("a b a c a b"):gmatch "%a" do counts[w] = counts[w] + 1 end
print(counts.a, counts.b, counts.c, counts.z, rawget(counts, "z")) --> 3	2	1	0	nil
local function readonly(source) return setmetatable({}, {__index = source, __newindex = function(_, k) error("field '" .. k .. "' is read-only", 2) end, __len = function() return #source end, __pairs = function() return pairs(source) end}) end
local ro = readonly {10, 20, x = "y"}
local ok, message = pcall(function() ro.x = 1 end)
print(ro[1], ro.x, #ro, message:match("field.*")) --> 10	y	2	field 'x' is read-only
-- Inheritance three deep with calls up the chain.
local A = {}; A.__index = A; function A:name() return "A" end; function A:hello() return "hello from " .. self:name() end
local B = setmetatable({}, A); B.__index = B; function B:name() return "B(" .. A.name(self) .. ")" end
local C = setmetatable({}, B); C.__index = C; function C:name() return "C(" .. B.name(self) .. ")" end
print(setmetatable({}, C):hello(), setmetatable({}, B):hello(), setmetatable({}, A):hello(), rawget(C, "hello"))
--> hello from C(B(A))	hello from B(A)	hello from A	nil
