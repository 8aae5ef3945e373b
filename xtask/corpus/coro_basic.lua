-- Coroutines: create, resume, yield, status, wrap, values passed both ways, errors.
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
local co = coroutine.create(function(a, b)
  local c = coroutine.yield(a + b)
  local d, e = coroutine.yield(c * 2)
  return d, e, "end"
end)
print(coroutine.status(co), coroutine.resume(co, 1, 2)); print(coroutine.status(co), coroutine.resume(co, 10)); print(coroutine.resume(co, "x", nil))
--> suspended	true	3
--> suspended	true	20
--> true	x	nil	end
print(coroutine.status(co), coroutine.resume(co), coroutine.status(co)) --> dead	false	dead
print(select("#", coroutine.resume(coroutine.create(function() end))), select("#", coroutine.resume(coroutine.create(function() return nil, nil end))))
--> 1	3
co = coroutine.wrap(function(...) local n = select("#", ...); while true do n = n + select("#", coroutine.yield(n)) end end)
print(co(), co(1, 2), co(nil, nil, nil), co()) --> 0	2	5	5
-- Errors end a coroutine; resume reports, wrap raises with position.
co = coroutine.create(function() coroutine.yield(1); error("failed", 0) end)
print(coroutine.resume(co)); print(coroutine.resume(co)); print(coroutine.resume(co)); print(coroutine.status(co))
--> true	1
--> false	failed
--> false	cannot resume dead coroutine
--> dead
co = coroutine.create(function() error({code = 7}) end)
local ok, e = coroutine.resume(co)
print(ok, type(e), e.code) --> false	table	7
local w = coroutine.wrap(function() error({code = 8}) end)
ok, e = pcall(w); print(ok, e.code) --> false	8
w = coroutine.wrap(function() return "only once" end)
print(w()); print(err(w))
--> only once
--> cannot resume dead coroutine
w = coroutine.wrap(function() local x = nil; return x.field end)
print(err(w)) --> attempt to index a nil value (local 'x')
-- status and running.
local main, ismain = coroutine.running()
print(type(main), ismain, coroutine.status(main), coroutine.isyieldable(), coroutine.isyieldable(main))
--> thread	true	running	false	false
local outer
outer = coroutine.create(function()
  local self, im = coroutine.running()
  local inner = coroutine.create(function() return coroutine.status(outer), coroutine.status(main), coroutine.isyieldable() end)
  return self == outer, im, coroutine.status(self), coroutine.resume(inner)
end)
print(coroutine.resume(outer)); print(coroutine.isyieldable(outer), coroutine.isyieldable(coroutine.create(print)))
--> true	true	false	running	true	normal	normal	true
--> true	true
-- Wrong uses.
print(err(coroutine.resume)); print(err(coroutine.resume, 5)); print(err(coroutine.create, 5)); print(err(coroutine.wrap)); print(err(coroutine.status, {})); print(err(coroutine.yield, 1)); print(err(coroutine.create))
--> bad argument #1 to 'coroutine.resume' (thread expected, got no value)
--> bad argument #1 to 'coroutine.resume' (thread expected, got number)
--> bad argument #1 to 'coroutine.create' (function expected, got number)
--> bad argument #1 to 'coroutine.wrap' (function expected, got no value)
--> bad argument #1 to 'coroutine.status' (thread expected, got table)
--> attempt to yield from outside a coroutine
--> bad argument #1 to 'coroutine.create' (function expected, got no value)
print(coroutine.resume(main)); print(coroutine.resume(coroutine.running()))
--> false	cannot resume non-suspended coroutine
--> false	cannot resume non-suspended coroutine
co = coroutine.create(function() return coroutine.resume(co) end)
print(coroutine.resume(co)) --> true	false	cannot resume non-suspended coroutine
w = coroutine.wrap(function() return w() end)
print(err(w)) --> cannot resume non-suspended coroutine
-- C functions as bodies, and many values.
print(coroutine.wrap(string.upper)("c body"), coroutine.resume(coroutine.create(math.max), 3, 9, 4)); print(coroutine.resume(coroutine.create(string.rep), "x"))
--> C BODY	true	9
--> false	bad argument #2 to 'string.rep' (number expected, got no value)
print(coroutine.wrap(coroutine.yield)("yield as body"), coroutine.wrap(pcall)(error, "e")) --> yield as body	false	e
local big = {}
for i = 1, 200 do big[i] = i end
co = coroutine.wrap(function(...) local t = {coroutine.yield(...)}; return #t, ... end)
print(select("#", co(table.unpack(big)))); print((co(table.unpack(big, 1, 150))))
--> 200
--> 150
-- Ping-pong of two coroutines, and a chain of generators.
local function gen(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end end) end
local function filter(p, g) return coroutine.wrap(function() for i in g do if p(i) then coroutine.yield(i) end end end) end
local out = {}
for i in filter(function(x) return x % 3 == 0 end, filter(function(x) return x % 2 == 0 end, gen(40))) do out[#out + 1] = i end
print(table.concat(out, " ")) --> 6 12 18 24 30 36
