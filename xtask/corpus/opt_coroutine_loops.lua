-- Coroutines in hot loops: switched many times, with changing bodies, upvalues, metamethods and errors.
local function counter(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end end) end
local sum = 0
for v in counter(300) do sum = sum + v end
print(sum) --> 45150
-- One body, many coroutines, with shared and own upvalues.
local shared = 0
local function body(own) while true do shared = shared + own; own = own + 1; coroutine.yield(own) end end
local cos = {}
for i = 1, 20 do cos[i] = coroutine.create(body) end
for round = 1, 5 do for i, co in ipairs(cos) do local ok, v = coroutine.resume(co, i); assert(ok and v == i + round) end end
print(shared) --> 1250
-- coroutine.yield, resume and wrap replaced while coroutines run.
local real_yield, real_resume = coroutine.yield, coroutine.resume
local log = {}
local co = coroutine.create(function() for i = 1, 6 do coroutine.yield("y" .. i) end return "end" end)
for i = 1, 6 do
  local ok, v = coroutine.resume(co)
  log[#log + 1] = tostring(v)
  if i == 2 then coroutine.yield = function(v) return real_yield("<" .. v .. ">") end end
  if i == 4 then coroutine.yield = real_yield; coroutine.resume = function(c) local ok, v = real_resume(c); return ok, "r" .. v end end
end
coroutine.resume = real_resume
print(table.concat(log, " "), coroutine.resume(co)) --> y1 y2 <y3> <y4> ry5 ry6	true	end
-- Generators stacked in pipelines, with early exits and restarts.
local function range(a, b) return coroutine.wrap(function() for i = a, b do coroutine.yield(i) end end) end
local function chain(...) local gens = {...}; return coroutine.wrap(function() for _, g in ipairs(gens) do for v in g do coroutine.yield(v) end end end) end
local function where(p, g) return coroutine.wrap(function() for v in g do if p(v) then coroutine.yield(v) end end end) end
local total = 0
for v in where(function(x) return x % 5 == 0 end, chain(range(1, 50), range(100, 120), range(1, 0))) do if v > 110 then break end total = total + v end
print(total) --> 590
-- The stack of a coroutine grows in the middle of nested calls and keeps its values.
local function deep(n, ...) if n == 0 then return coroutine.yield(select("#", ...)) end local a, b, c = n, n * 2, tostring(n); local r = deep(n - 1, n, ...); assert(a == n and b == n * 2 and c == tostring(n)); return r end
co = coroutine.wrap(function() return deep(60), deep(5) end)
print(co(), co("first"), co("second")) --> 60	5	first	second
-- Values sent in and out: none, nil, many, in turns, at the same site.
local echo = coroutine.wrap(function(...) local r = table.pack(...); while true do r = table.pack(coroutine.yield(r.n, table.unpack(r, 1, r.n))) end end)
print(echo()); print(echo(nil)); print(echo(1, nil, 3)); print(select("#", echo(table.unpack({}, 1, 50)))); print(echo "x")
--> 0
--> 1	nil
--> 3	1	nil	3
--> 51
--> 1	x
-- pcall inside, errors outside, resumed at once; a hot loop of failures and successes.
local fails, works = 0, 0
local flaky = function(k) local ok = pcall(function() if k % 3 == 0 then error(k) end end); coroutine.yield(ok); if k % 5 == 0 then error("five", 0) end return "fine" end
for k = 1, 60 do
  local c = coroutine.create(flaky)
  local _, inner = coroutine.resume(c, k)
  local ok, v = coroutine.resume(c)
  if inner and ok then works = works + 1 else fails = fails + 1 end
  assert(coroutine.status(c) == "dead" and (ok or v == "five"))
end
print(works, fails) --> 32	28
-- Yields from metamethods inside of loops, with the result steering the loop.
local mt = {__lt = function(a, b) return coroutine.yield "lt" end, __index = function(_, k) return coroutine.yield(k) end, __call = function(_, x) return coroutine.yield("call" .. x) end}
local o = setmetatable({}, mt)
co = coroutine.wrap(function() local n = 0; while o < 1 do n = n + o.step; if n > 10 then break end end return n, o(n) end)
print(co(), co(true), co(4), co(true), co(3), co(true), co(5), co("last")) --> lt	step	lt	step	lt	step	call12	12	last
-- Coroutines that outlive their creator and one another; collected while suspended.
local keep = {}
for i = 1, 30 do local c = coroutine.wrap(function() local t = {i}; coroutine.yield(); return t[1] end); c(); if i % 10 == 0 then keep[#keep + 1] = c end end
collectgarbage()
for i, c in ipairs(keep) do keep[i] = c() end
print(table.concat(keep, " ")) --> 10 20 30
