-- debug.setlocal, setupvalue, upvaluejoin and upvalueid against captured and never reassigned locals.
local function show(...) print(...) end
-- A captured local that is never reassigned can be changed through the closure's upvalue.
local function maker() local constant = "original"; local function f() return constant end; local function g() return constant end; return f, g, function() return constant end end
local f, g, h = maker()
show(debug.setupvalue(f, 1, "changed"), f(), g(), h()) --> constant	changed	changed	changed
show(debug.upvalueid(f, 1) == debug.upvalueid(g, 1), debug.upvalueid(g, 1) == debug.upvalueid(h, 1)) --> true	true
-- While the frame is active: through setlocal, seen in closures; through setupvalue, seen in the frame.
local function active()
  local a = 1
  local function read() return a end
  local before = read()
  debug.setlocal(1, 1, 2)
  local middle = read()
  debug.setupvalue(read, 1, 3)
  return before, middle, a, read()
end
show(active()) --> 1	2	3	3
-- Arguments, loop variables.
local function args(a, b) local function get() return a, b end; debug.setlocal(1, 1, "A"); debug.setupvalue(get, 2, "B"); return a, b, get() end
show(args(1, 2)) --> A	B	A	B
local fs = {}
for i = 1, 3 do fs[i] = function() return i end end
debug.setupvalue(fs[2], 1, "two")
show(fs[1](), fs[2](), fs[3](), debug.upvalueid(fs[1], 1) ~= debug.upvalueid(fs[2], 1)) --> 1	two	3	true
for i = 1, 2 do local get = function() return i end; debug.setupvalue(get, 1, i * 100); show(i, get()) end
--> 100	100
--> 200	200
-- Constants that are folded are not upvalues; a local function captured by value is one.
local folded <const> = 10
local function uses_folded() return folded + 1 end
show(uses_folded(), debug.getupvalue(uses_folded, 1)) --> 11
local function helper(x) return x + 1 end
local function caller(x) return helper(x) end
show(caller(1), debug.getupvalue(caller, 1) == "helper", debug.setupvalue(caller, 1, function(x) return "hot " .. x end), caller(1), helper(1))
--> 2	true	helper	hot 1	hot 1
-- Hot update: the function held by an upvalue is replaced for all holders.
local module = (function() local impl = function() return "v1" end; local M = {}; function M.run() return impl() end; function M.again() return impl() .. "!" end; return M end)()
show(module.run(), module.again()); debug.setupvalue(module.run, 1, function() return "v2" end); show(module.run(), module.again())
--> v1	v1!
--> v2	v2!
-- upvaluejoin splits what was shared and shares what was separate.
local function cell(v) return function() return v end, function(n) v = n end end
local get1, set1 = cell(1); local get2, set2 = cell(2)
debug.upvaluejoin(get1, 1, set2, 1); set2(22); set1(11); show(get1(), get2()) --> 22	22
debug.upvaluejoin(set1, 1, get2, 1); set1(33); show(get1(), get2()) --> 33	33
-- Closures without upvalues: equal or not is open, but each has its own identity when it has upvalues.
local function no_upvalue() return function() return 1 end end
local p, q = no_upvalue(), no_upvalue()
show(p() == q(), debug.getupvalue(p, 1), debug.getinfo(p, "u").nups) --> true	nil	0
local function with_upvalue(v) return function() return v end end
p, q = with_upvalue(1), with_upvalue(1)
show(p ~= q, debug.upvalueid(p, 1) ~= debug.upvalueid(q, 1)); debug.setupvalue(p, 1, "p"); show(p(), q())
--> true	true
--> p	1
-- setlocal of a variable that was assigned a constant and is used in an expression after.
local function folded_use() local n = 5; local s = "x"; debug.setlocal(1, 1, 50); debug.setlocal(1, 2, "y"); return n + 1, s .. n, n == 5, n < 10 end
show(folded_use()) --> 51	y50	false	false
local function branch() local flag = true; debug.setlocal(1, 1, false); if flag then return "still true" end return "seen false" end
show(branch()) --> seen false
local function loop_flag() local running, n = true, 0; while running do n = n + 1; if n == 3 then debug.setlocal(1, 1, false) end end return n end
show(loop_flag()) --> 3
-- Kinds change under loops: a number local becomes a string or a table with metamethods.
local function kinds() local acc = 0; local log = {}; for i = 1, 4 do acc = acc + i; log[i] = tostring(acc); if i == 2 then debug.setlocal(1, 1, "10") elseif i == 3 then debug.setlocal(1, 1, setmetatable({}, {__add = function() return "meta" end})) end end return table.concat(log, " ") end
show(kinds()) --> 1 3 13 meta
-- A hook that changes locals of the running loop.
local function hooked() local stop = false; local n = 0
  debug.sethook(function() n = n + 1; for i = 1, 5 do if debug.getlocal(2, i) == "stop" then debug.setlocal(2, i, true) end end end, "", 500)
  while not stop do end
  debug.sethook(); return "stopped", n >= 1 end
show(hooked()) --> stopped	true
