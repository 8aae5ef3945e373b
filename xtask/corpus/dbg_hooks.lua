-- Hooks: events, lines, counts, coroutines, errors, changes from inside.
local log
local function start(mask, count, detail)
  log = {}
  debug.sethook(function(event, line)
    local info = debug.getinfo(2, "Snlt")
    log[#log + 1] = event .. (line and ":" .. line or "") .. (detail and "(" .. tostring(info.name) .. "/" .. info.namewhat .. "/" .. info.what .. "/" .. info.currentline .. ")" or "")
  end, mask, count)
end
local function stop() debug.sethook(); print(table.concat(log, " ")) end
local function f(x) return x end
local function g(x) return f(x) end
local function v(...) local a = ... return a, ... end
start("cr"); f(1); stop()
start("cr"); g(1); stop()
start("cr", 0, true); g(1); v(1, 2); math.abs(-1); stop()
start("cr"); (function() end)(); v(); local a, b = v(1, 2, 3); stop()
start("cr"); pcall(error, "x"); pcall(f, 1); stop()
start("cr"); for k in pairs({1, 2}) do end; for i = 1, 2 do f(i) end; stop()
start("cr"); table.sort({3, 1, 2}, function(x, y) return x < y end); stop()
local mt = setmetatable({}, {__index = function() return 1 end, __close = function() end, __add = function() return 2 end, __eq = function() return true end})
start("cr", 0, true); local _ = mt.x; _ = mt + 1; _ = mt == setmetatable({}, getmetatable(mt)); stop()
start("cr", 0, true); do local c <close> = mt end; stop()
start("cr", 0, true); local function c() local c <close> = mt; return 1, 2 end c(); stop()
local co = coroutine.wrap(function(x) coroutine.yield(x) f(x) end)
start("cr"); co(1); co(); stop()
local co = coroutine.create(function(x) coroutine.yield(x); f(x) end)
log = {}
debug.sethook(co, function(e, l) log[#log + 1] = e .. (l and ":" .. l or "") end, "crl")
coroutine.resume(co, 1); log[#log + 1] = "|"; coroutine.resume(co); print(table.concat(log, " "))
print(debug.gethook(co) ~= nil, debug.gethook())
local function lines(source)
  log = {}
  local chunk = load(source, "=lines")
  debug.sethook(function(_, line) log[#log + 1] = line end, "l")
  chunk()
  debug.sethook()
  log[#log] = nil
  print(table.concat(log, " "))
end
lines("local a = 1\nlocal b = 2\n\nlocal c = a + b\n")
lines("for i = 1, 3 do\n local x = i\nend\n")
lines("local i = 0\nwhile i < 3 do\n i = i + 1\nend\nreturn i")
lines("local i = 0\nrepeat\n i = i + 1\n local done = i == 2\nuntil done\n")
lines("for k, v in pairs({1, 2}) do\n local x = k\n local y = v\nend\n")
lines("local function f()\n return 1\nend\nf()\nf()\n")
lines("if false then\n local a = 1\nelseif true then\n local b = 2\nelse\n local c = 3\nend\nlocal d")
lines("local t = {\n 1,\n 2,\n x = 3,\n}\nlocal y = t.x")
lines("local function v(...)\n local a = ...\n return a\nend\nv(1)\n")
lines("goto one\n::two::\ndo return end\n::one::\nlocal x = 1\ngoto two\n")
lines("local x = 1 local y = 2 local z = 3\nlocal w = x +\n y +\n z\nprint(w)\n")
lines("local mt = setmetatable({}, {__close = function()\n local x = 1\nend})\ndo\n local c <close> = mt\n local d = 1\nend\nlocal z = 1\n")
lines("local mt = setmetatable({}, {__close = function() end})\nlocal function f()\n local c <close> = mt\n return 1\nend\nf()\n")
lines("local mt = setmetatable({}, {__index = function(t, k)\n return k\nend})\nlocal x = mt.a\nlocal y = mt.b\n")
lines("pcall(function()\n error('x')\nend)\nlocal y\n")
lines("while true do\n if true then\n  break\n end\nend\nlocal done = true\n")
local n = 0
debug.sethook(function() n = n + 1 end, "", 100); for i = 1, 10000 do end; debug.sethook()
print(n > 95 and n < 110)
-- A hook that raises.
print(pcall(function() debug.sethook(function() debug.sethook(); error("from hook", 0) end, "l")
  local x = 1
end))
print(pcall(function() debug.sethook(function(e) debug.sethook(); error("from call", 0) end, "c"); f(1) end))
print(pcall(function() debug.sethook(function(e) debug.sethook(); error("from host call", 0) end, "c"); math.abs(1) end))
print(pcall(function() debug.sethook(function(e) debug.sethook(); error("from return", 0) end, "r"); f(1) end))
print(pcall(function() debug.sethook(function(e) debug.sethook(); error("from count", 0) end, "", 5); for i = 1, 100 do end end))
print(debug.gethook())
-- Arguments.
print(pcall(debug.sethook, print), pcall(debug.sethook, 1, "c"))
debug.sethook(print, "") print(debug.gethook())
debug.sethook(print, "", -5) print(debug.gethook())
debug.sethook(print, "x", 0) print(debug.gethook())
local h = function() end
debug.sethook(h, "rcl", 7); local f2, m, c = debug.gethook(); debug.sethook()
print(f2 == h, m, c)
--> return return call return call call
--> return return call tail call return call call
--> return(sethook/field/C/-1) return(start/local/Lua/9) call(g/local/Lua/12) tail call(nil//Lua/11) return(nil//Lua/11) call(v/local/Lua/13) return(v/local/Lua/13) call(abs/field/C/-1) return(abs/field/C/-1) call(stop/local/Lua/10) call(sethook/field/C/-1)
--> return return call return call return call return call call
--> return return call call return call call return return call call
--> return return call return call return call return call return call return call return call call
--> return return call call return call return return call call
--> return(sethook/field/C/-1) return(start/local/Lua/9) call(index/metamethod/Lua/21) return(index/metamethod/Lua/21) call(add/metamethod/Lua/21) return(add/metamethod/Lua/21) call(getmetatable/global/C/-1) return(getmetatable/global/C/-1) call(setmetatable/global/C/-1) return(setmetatable/global/C/-1) call(eq/metamethod/Lua/21) return(eq/metamethod/Lua/21) call(stop/local/Lua/10) call(sethook/field/C/-1)
--> return(sethook/field/C/-1) return(start/local/Lua/9) call(close/metamethod/Lua/21) return(close/metamethod/Lua/21) call(stop/local/Lua/10) call(sethook/field/C/-1)
--> return(sethook/field/C/-1) return(start/local/Lua/9) call(c/local/Lua/24) call(close/metamethod/Lua/21) return(close/metamethod/Lua/21) return(c/local/Lua/24) call(stop/local/Lua/10) call(sethook/field/C/-1)
--> return return call return call return call call
--> call line:27 call | return call line:11 return return
--> true	nil
--> 36 1 2 4
--> 36 1 2 1 2 1 2 1 3
--> 36 1 2 3 2 3 2 3 2 5
--> 36 1 3 4 5 3 4 5
--> 36 1 2 3 1 2 3 1 4
--> 36 3 4 2 5 2
--> 36 1 4 8
--> 36 1 2 3 4 5 6
--> 36 4 5 2 3
--> 36 1 5 6 3
--> 6
--> 36 1 2 3 5
--> 36 1 3 1 5 6 2 3 8
--> 36 1 5 6 3 4 1
--> 36 1 3 1 4 2 5 2
--> 36 1 3 1 2 4
--> 36 2 6
--> true
--> false	from hook
--> false	from call
--> false	from host call
--> false	from return
--> false	from count
--> nil
--> false	false	bad argument #1 to 'debug.sethook' (function expected, got number)
--> nil
--> nil
--> nil
--> true	crl	7
