-- Order of evaluation where the manual or the reference fixes it; effects in the middle of expressions.
local log = {}
local function e(name, v) log[#log + 1] = name; if v == nil then return name end return v end
local function flush() local s = table.concat(log, " "); log = {}; return s end
local _
_ = e("a", 1) + e("b", 2) * e("c", 3) - e("d", 4); print(_, flush()) --> 3	a b c d
_ = e "x" .. e "y" .. e "z"; print(_, flush()) --> xyz	x y z
_ = e("p", 2) ^ e("q", 3) ^ e("r", 1); print(_, flush()) --> 8.0	p q r
_ = e("m", 5) < e("n", 6), e("o", 1) == e("k", 1); print(_, flush()) --> true	m n o k
_ = {e "one", e "two", key = e "three", [e "computed"] = e "four", e "five"}; print(#_, flush())
--> 3	one two three computed four five
print(select("#", e(1), e(2), e(3)), flush()) --> 3	1 2 3
local function f(...) return ... end
_ = f(e "arg1", f(e "inner1", e "inner2"), e "arg2"); print(flush()) --> arg1 inner1 inner2 arg2
local obj = {m = function(self, ...) e "method body"; return self end}
obj:m(e "first"):m(e "second"); print(flush()) --> first method body second method body
_ = (e("callee", f))(e "argument"); print(flush()) --> callee argument
local t = setmetatable({}, {__index = function(_, k) e("get " .. k); return k end, __newindex = function(_, k, v) e("set " .. k) end})
_ = t[e "index"] .. t.field; print(flush()) --> index get index get field
t[e "target"] = e "value"; print(flush()) --> target value set target
_ = e("left", false) and e "not reached" or e "right"; print(_, flush()) --> right	left right
_ = not e("cond", nil) == e("other", false); print(_, flush()) --> true	cond other
if e("if", false) then elseif e("elseif", true) then e "body" else e "never" end print(flush()) --> if elseif body
local n = 0
while e("while", n < 2) do n = n + 1; e("round" .. n) end print(flush()) --> while round1 while round2 while
repeat n = n - 1; local done = n == 0 until e("until", done) print(flush()) --> until until
for i = e("from", 1), e("to", 2), e("by", 1) do e("i" .. i) end print(flush()) --> from to by i1 i2
for k in e("iterator", next), e("state", {x = 1}), e("start", nil) ~= "start" and 1 or nil do e("k" .. k) end print(flush())
--> iterator state start kx
local a, b, c = e "v1", e "v2", e "v3", e "v4"; print(a, b, c, flush()) --> v1	v2	v3	v1 v2 v3 v4
local function ret() return e "r1", e "r2" end
print(ret()); print(flush())
--> r1	r2
--> r1 r2
-- Reads happen when the operand is reached: a variable changed by a later call.
local x = 1
local function change() x = x + 10; return x end
_ = change() + x; print(_); local y = {x, change(), x}; print(y[1], y[2], y[3])
--> 22
--> 11	21	21
print(x, change(), x); local s = x .. ""; s = s .. change(); print(s)
--> 21	31	31
--> 3141
-- A closure called in its own argument list; a table changed while it is being indexed and called.
local k = 0
local function tick() k = k + 1; return k end
print(tick(), tick() * 10, tick() + tick() * tick()); t = {tick(), tick(), [tick()] = tick()}; print(t[1], t[2], t[8])
--> 1	20	23
--> 6	7	9
local q = {f = function() return "old" end}
print(q.f((function() q.f = function() return "new" end end)()), q.f()) --> old	new
-- Comparison chains and concatenation with metamethods keep the order of operands.
local mt = {}
for _, ev in ipairs {"add", "sub", "lt", "le", "concat", "eq"} do mt["__" .. ev] = function(l, r) e(ev .. ":" .. (type(l) == "table" and l.n or l) .. (type(r) == "table" and r.n or r)); return ev == "add" and l or ev == "sub" and r or false end end
local A, B = setmetatable({n = "A"}, mt), setmetatable({n = "B"}, mt)
_ = A < B, A > B, A <= B, A >= B, A == B, A ~= B, A + B - A, 1 + B, B - 1, A .. B; print(flush())
--> lt:AB lt:BA le:AB le:BA eq:AB eq:AB add:AB sub:AA add:1B sub:B1 concat:AB
-- Errors stop at the operand that fails; the rest is not evaluated.
pcall(function() return e "before" .. e("fails", {}) .. nil, e "after" end); print(flush()) --> before fails
pcall(function() local r = e("one", 1) + e("bad", {}) + e "late" end); print(flush()) --> one bad
pcall(function() t.a.b = e "assigned" end); print(flush()) --> assigned
pcall(function() nofunction(e "argument of nothing") end); print(flush()) --> argument of nothing
