-- Yields across pcall, xpcall and error handling inside of coroutines.
local yield, wrap = coroutine.yield, coroutine.wrap
local co = wrap(function()
  local r = table.pack(pcall(function(a) local b = yield("in pcall " .. a); return b, yield "again" end, "arg"))
  yield("results " .. r.n .. " " .. tostring(r[1]) .. " " .. tostring(r[2]) .. " " .. tostring(r[3]))
  local ok, m = pcall(function() yield "before error"; error("after yield", 0) end)
  yield(tostring(ok) .. " " .. m)
  ok, m = pcall(pcall, function() yield "nested"; error "x" end)
  yield(tostring(ok) .. " " .. tostring(m))
  return "done"
end)
print(co()); print(co("b")); print(co("c")); print(co()); print(co()); print(co()); print(co()); print(co())
--> in pcall arg
--> again
--> results 3 true b c
--> before error
--> false after yield
--> nested
--> true false
--> done
co = wrap(function(...)
  print(xpcall(function(...) yield("xpcall", ...); error("E", 0) end, function(m) return "handled " .. m end, ...))
  print(xpcall(function() return yield "fine" end, error))
  print(xpcall(yield, print, "yield called directly"))
  return pcall(yield, "pcall of yield")
end)
print(co(1, 2)); print(co()); print(co("ok", "values")); print(co("back")); print(co("last"))
--> xpcall	1	2
--> false	handled E
--> fine
--> true	ok	values
--> yield called directly
--> true	back
--> pcall of yield
--> true	last
-- Errors thrown at several depths, with yields between.
local function level(n) if n == 0 then yield "bottom"; error("thrown", 0) end local ok, m = pcall(level, n - 1); if n % 2 == 0 then error(m .. n, 0) end return m .. "=" .. n end
co = wrap(function() return pcall(level, 5) end)
print(co()); print(co())
--> bottom
--> true	thrown=12=34=5
-- A coroutine resumed inside of a pcall of another one; status after errors.
local inner = coroutine.create(function() yield(1); error("inner died", 0) end)
co = wrap(function() for i = 1, 3 do yield(i, coroutine.resume(inner)) end return pcall(error, "outer fine", 0) end)
print(co()); print(co()); print(co()); print(co()); print(coroutine.status(inner))
--> 1	true	1
--> 2	false	inner died
--> 3	false	cannot resume dead coroutine
--> false	outer fine
--> dead
-- wrap propagates the error value through levels of wraps.
local w = wrap(function() return wrap(function() return wrap(function() yield "deep"; error({tag = "object"}) end)() end)() end)
print(w()); print(select(2, pcall(w)) ~= nil, coroutine.isyieldable())
--> deep
--> true	false
-- yield out of an error handler is not possible; of a function called by pcall in a handler neither.
co = coroutine.create(function() return xpcall(error, function(m) return pcall(yield, "in handler") end, "E") end)
print(coroutine.resume(co)); print(coroutine.status(co))
--> true	false	false
--> dead
-- Loops with protected yields: many in one coroutine.
co = wrap(function() local s = 0; for i = 1, 50 do local ok, v = pcall(function() local x = yield(i); if x % 5 == 0 then error(x) end return x end); s = s + (ok and v or -v) end return s end)
local v = co()
for i = 1, 50 do v = co(i) end
print(v) --> 725
-- error levels and positions within coroutines.
local ok, m = coroutine.resume(coroutine.create(load("local function f() error('lvl1') end f()", "=chunk")))
print(m); ok, m = coroutine.resume(coroutine.create(load("local function f() error('lvl2', 2) end\nf()", "=chunk"))); print(m)
--> chunk:1: lvl1
--> chunk:2: lvl2
ok, m = coroutine.resume(coroutine.create(error), "plain"); print(m); print(coroutine.resume(coroutine.create(error)))
--> plain
--> false	nil
