-- pcall and xpcall of Lua functions: results wanted and given, errors, yields, depth, hooks, closing, tracebacks.
local function say(...)
  local t = table.pack(...)
  for i = 1, t.n do t[i] = tostring(t[i]) end
  print(table.concat(t, " "))
end
local function count(...) return select("#", ...) end
local function none() end
local function one() return 1 end
local function three() return 1, 2, 3 end
local function pass(...) return ... end
local function strip(m) return (tostring(m):gsub("^.-:%d+: ", "")) end

say(count(pcall(none)), count(pcall(one)), count(pcall(three)), count(pcall(pass, nil, nil)), count((pcall(three))))
pcall(none); pcall(three); local a = pcall(three); say(a)
local a, b = pcall(three); say(a, b)
local a, b, c, d, e = pcall(three); say(a, b, c, d, e)
local a, b, c = pcall(none); say(a, b, c)
local t = { pcall(three) }; say(#t, t[1], t[4])
local t = { pcall(three), pcall(one), pcall(none) }; say(#t, t[1], t[2], t[3])
say(count(xpcall(none, strip)), count(xpcall(three, strip)), xpcall(pass, strip, 7, nil, 8))
local a, b, c = xpcall(pass, strip, 1); say(a, b, c)
local function tail(...) return pcall(...) end say(tail(three)); say(tail(error, "e", 0))
say(pcall(pcall, three)); say(pcall(pcall, error, "x")); say(pcall(xpcall, error, strip, "m:1: y"))
say(strip(select(2, pcall(pcall))), strip(select(2, pcall(xpcall))), strip(select(2, pcall(xpcall, one))), strip(select(2, pcall(xpcall, one, 5))))
say(pcall(nil)); say(pcall(5, 6)); say(xpcall(nil, function(m) return "handled " .. m end))

-- Errors: any value, at any depth, with handlers.
say(pcall(function() error() end)); say(pcall(function() error("text", 0) end)); say(pcall(function() error({ code = 7 }) end) == false)
say(select(2, pcall(function() error({ code = 7 }) end)).code, strip(select(2, pcall(function() local x = nil; return x.y end))))
local function deep(n) if n == 0 then error("bottom", 0) end return deep(n - 1) + 1 end
say(pcall(deep, 50)); say(xpcall(deep, function(m) return m .. "!" end, 20))
say(xpcall(function() error("first", 0) end, function(m) error("second", 0) end) == false)
local a, b, c, d = pcall(error, "p", 0); say(a, b, c, d)
local function nested(n) if n == 0 then error("inner", 0) end local ok, m = pcall(nested, n - 1); return ok, m, n end
say(nested(5)); say(pcall(nested, 3))
local seen; xpcall(function() local here = 1; error("trace", 0) end, function() seen = debug.traceback("tb", 1) end)
say(seen:find("in function 'error'") ~= nil, seen:find("xpcall") ~= nil)
local total = 0
for i = 1, 1000 do
  local ok, v = pcall(function(x) if x % 3 == 0 then error(x, 0) end return x end, i)
  total = total + v * (ok and 1 or -1)
end
say(total)
local depth = 0
local function recurse() depth = depth + 1; local ok, m = pcall(recurse); if not ok then return m end return m end
say(strip(recurse()):sub(1, 16), depth > 150, depth < 250)
depth = 0; say(strip(recurse()):sub(1, 16), depth > 150)
local function overflow() return 1 + overflow() end
say(strip(select(2, pcall(overflow))):sub(1, 14)); say(pcall(one))

-- Upvalues stay right when the protected function ends early or goes on.
local function counter()
  local n = 0
  local ok = pcall(function() n = n + 1; local m = n; local f = function() m = m + 10; return m end; n = f(); if n > 0 then error("x") end end)
  return n, ok
end
say(counter())
do
  local log = {}
  local function closable(name) return setmetatable({}, { __close = function(_, e) log[#log + 1] = name .. ":" .. tostring(e) end }) end
  say(pcall(function() local x <close> = closable("a"); local y <close> = closable("b"); return "body" end))
  say(pcall(function() local x <close> = closable("c"); error("E", 0) end)); say(table.concat(log, " "))
end

-- Yields across it.
local co = coroutine.wrap(function(...)
  local a, b, c = pcall(function(...) local x = coroutine.yield(...); if x == "fail" then error("asked", 0) end return x, "end" end, ...)
  local d, e = xpcall(function() return coroutine.yield(a, b, c) end, strip)
  return "last", d, e, pcall(coroutine.yield, "inside")
end)
say(co(1, 2)); say(co("fail")); say(co("resumed")); say(co(5, 6))
local co = coroutine.create(function() pcall(function() coroutine.yield(1); error("later", 0) end); return "survived" end)
say(coroutine.resume(co)); say(coroutine.resume(co)); say(coroutine.resume(co))
local co = coroutine.create(function() pcall(function() coroutine.yield() end) end)
coroutine.resume(co); say(coroutine.close(co), coroutine.status(co))

-- Hooks see call and return of both functions; debug.sethook in the middle.
local events = {}
debug.sethook(function(e) local i = debug.getinfo(2, "S"); events[#events + 1] = e:sub(1, 1) .. (i.what == "C" and "C" or "L") end, "cr")
pcall(one)
debug.sethook()
say(table.concat(events, " "))
local inside = 0
say(pcall(function() debug.sethook(function() inside = inside + 1 end, "c"); return "on" end)); debug.sethook(); say(inside > 0)
-- pcall and the function replaced while a loop runs; names in messages.
local real, out = pcall, {}
for i = 1, 4 do out[i] = select(2, pcall(pass, i)); if i == 2 then pcall = function() return nil, "fake" end end end
pcall = real; say(table.concat(out, " "))
say(strip(select(2, pcall(function() local t = {}; t.x.y = 1 end))), strip(select(2, pcall(function() undefined_name() end))))
say(debug.getinfo(1, "l").currentline > 0, select(2, pcall(function() return debug.getinfo(2, "n").name, debug.getinfo(2, "S").what end)))
for ok, v in pcall, one do say(ok, v) break end

--> 1 2 4 3 1
--> true
--> true 1
--> true 1 2 3 nil
--> true nil nil
--> 4 true 3
--> 3 true true true
--> 1 4 true 7 nil 8
--> true 1 nil
--> true 1 2 3
--> false e
--> true true 1 2 3
--> true false x
--> true false y
--> bad argument #1 to 'pcall' (value expected) bad argument #2 to 'xpcall' (function expected, got no value) bad argument #2 to 'xpcall' (function expected, got no value) bad argument #2 to 'xpcall' (function expected, got number)
--> false attempt to call a nil value
--> false attempt to call a number value
--> false handled attempt to call a nil value
--> false nil
--> false text
--> true
--> 7 attempt to index a nil value (local 'x')
--> false bottom
--> false bottom!
--> true
--> false p nil nil
--> true true 5
--> true true true 3
--> true true
--> 166834
--> C stack overflow true true
--> C stack overflow true
--> stack overflow
--> true 1
--> 11 false
--> true body
--> false E
--> b:nil a:nil c:E
--> 1 2
--> false asked nil
--> inside
--> last true resumed true 5 6
--> true 1
--> true survived
--> false cannot resume dead coroutine
--> true dead
--> rC cC cL rL rC cC
--> true on
--> true
--> 1 2 fake fake
--> attempt to index a nil value (field 'x') attempt to call a nil value (global 'undefined_name')
--> true pcall C
--> true 1
