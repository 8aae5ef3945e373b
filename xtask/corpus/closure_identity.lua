-- Identity and sharing of upvalues, told through the debug library.
local function shared()
  local a, b = 1, 2
  local function f() return a, b end
  local function g() return b, a end
  local function h() return b end
  return f, g, h
end
local f, g, h = shared()
print(debug.upvalueid(f, 1) == debug.upvalueid(g, 2), debug.upvalueid(f, 2) == debug.upvalueid(g, 1), debug.upvalueid(f, 1) == debug.upvalueid(f, 2))
--> true	true	false
print(debug.upvalueid(h, 1) == debug.upvalueid(f, 2), debug.upvalueid(h, 2)) --> true	nil
local f2 = shared()
print(debug.upvalueid(f, 1) == debug.upvalueid(f2, 1), debug.getupvalue(f, 1)) --> false	a	1
-- A new closure in each evaluation when it captures something that differs.
local made = {}
for i = 1, 3 do made[i] = function() return i end end
print(made[1] == made[2], made[1](), made[3](), debug.upvalueid(made[1], 1) == debug.upvalueid(made[2], 1)) --> false	1	3	false
-- Values set through debug are seen everywhere the variable is shared.
print(debug.setupvalue(f, 1, "from debug"), g()) --> a	2	from debug
print(debug.setupvalue(h, 1, "b"), f()) --> b	from debug	b
print(debug.setupvalue(f, 3, 0), debug.getupvalue(f, 0), debug.getupvalue(f, 3), debug.getupvalue(select, 1)) --> nil	nil	nil
-- upvaluejoin: two closures share from then on.
local function cell(v) return function() return v end, function(x) v = x end end
local get1, set1 = cell(1)
local get2, set2 = cell(2)
print(get1(), get2()) --> 1	2
debug.upvaluejoin(get1, 1, get2, 1)
print(get1(), get2(), debug.upvalueid(get1, 1) == debug.upvalueid(get2, 1), debug.upvalueid(get1, 1) == debug.upvalueid(set1, 1))
--> 2	2	true	false
set2(20); print(get1(), get2()); set1(10); print(get1(), get2())
--> 20	20
--> 20	20
local function err(f, ...)
  local ok, message = pcall(f, ...)
  return ok and "ok" or (message:gsub("^[^:]+:%d+: ", ""))
end
print(err(debug.upvaluejoin, get1, 2, get2, 1), err(debug.upvaluejoin, get1, 1, get2, 9), err(debug.upvaluejoin, select, 1, get2, 1), err(debug.upvaluejoin, get1, 1, select, 1))
--> bad argument #2 to 'debug.upvaluejoin' (invalid upvalue index)	bad argument #4 to 'debug.upvaluejoin' (invalid upvalue index)	bad argument #2 to 'debug.upvaluejoin' (invalid upvalue index)	bad argument #4 to 'debug.upvaluejoin' (invalid upvalue index)
print(err(debug.upvalueid, 5, 1), debug.upvalueid(get1, 5), err(debug.setupvalue, get1, 1), err(debug.getupvalue, get1))
--> bad argument #1 to 'debug.upvalueid' (function expected, got number)	nil	bad argument #3 to 'debug.setupvalue' (value expected)	bad argument #2 to 'debug.getupvalue' (number expected, got no value)
-- Joined with the upvalue of an enclosing frame that is still active.
local live = "live"
local function reads_live() return live end
debug.upvaluejoin(get1, 1, reads_live, 1)
live = "updated"
print(get1(), get2()) --> updated	20
-- _ENV is an upvalue of a chunk: its name, its replacement, joining.
local chunk = load "x = 1; return x"
print(debug.getupvalue(chunk, 1) == "_ENV", select(2, debug.getupvalue(chunk, 1)) == _G, debug.setupvalue(chunk, 1, {}), chunk(), x)
--> true	true	_ENV	1	nil
local c1, c2 = load "y = 5", load "return y"
local env = {}
debug.setupvalue(c1, 1, env)
debug.upvaluejoin(c1, 1, c2, 1)
c1(); print(y, env.y, c2()); y = nil --> 5	nil	5
-- Stripped functions hide names but not values.
local stripped = load(string.dump(function() return live end, true))
print((debug.getupvalue(stripped, 1)), debug.setupvalue(stripped, 1, 42), stripped()) --> (no name)	(no name)	42
-- Constant locals and functions without upvalues have none.
local K <const> = 10
local function uses_constant() return K + 1 end
print(debug.getupvalue(uses_constant, 1), uses_constant(), debug.getinfo(uses_constant, "u").nups, debug.getinfo(f, "u").nups)
--> nil	11	0	2
