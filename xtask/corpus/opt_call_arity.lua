-- Calls with as many arguments as parameters take a short way; all others are adjusted, also when the callee changes in the middle.

local function none() return select("#") end
local function one(a) return a end
local function two(a, b) local c return a, b, c end
local function three(a, b, c) local d return a, b, c, d end
local function any(...) return select("#", ...), ... end
local function some(a, ...) return a, select("#", ...), ... end

-- What lay in the registers before must not come to light.
local function dirty(...) local a, b, c, d, e, f = 1, 2, 3, 4, 5, 6 return a + b + c + d + e + f end
local function values(...) return ... end
local callees = { none, one, two, three, any, some, two }
local out = {}
for round = 1, 3 do
  for i, f in ipairs(callees) do
    dirty()
    local r0 = table.pack(f())
    dirty()
    local r1 = table.pack(f("x"))
    dirty()
    local r2 = table.pack(f("x", "y"))
    dirty()
    local r3 = table.pack(f("x", "y", "z"))
    dirty()
    local open0 = table.pack(f(values()))
    dirty()
    local open2 = table.pack(f("x", values("y")))
    dirty()
    local open4 = table.pack(f(values(1, nil, 3, nil)))
    local line = {}
    for _, r in ipairs { r0, r1, r2, r3, open0, open2, open4 } do
      for j = 1, r.n do r[j] = tostring(r[j]) end
      line[#line + 1] = table.concat(r, " ")
    end
    line = table.concat(line, "|")
    assert(not out[i] or out[i] == line)
    out[i] = line
  end
end
print(out[1]) --> 0|0|0|0|0|0|0
print(out[2]) --> nil|x|x|x|nil|x|1
print(out[3]) --> nil nil nil|x nil nil|x y nil|x y nil|nil nil nil|x y nil|1 nil nil
print(out[4]) --> nil nil nil nil|x nil nil nil|x y nil nil|x y z nil|nil nil nil nil|x y nil nil|1 nil 3 nil
print(out[5]) --> 0|1 x|2 x y|3 x y z|0|2 x y|4 1 nil 3 nil
print(out[6]) --> nil 0|x 0|x 1 y|x 2 y z|nil 0|x 1 y|1 3 nil 3 nil

-- Results: none, one, or all that are wanted, of functions that return none, one or more.
local function return0() end
local function return1() return "r" end
local function return2() return "r", "s" end
for _, f in ipairs { return0, return1, return2 } do
  f()
  local a = f()
  local b, c = f()
  print(a, b, c, (f()), select("#", f()), ({ f() })[1], f())
end
--> nil	nil	nil	nil	0	nil
--> r	r	nil	r	1	r	r
--> r	r	s	r	2	r	r	s

-- The same calls in the middle of which a hook is set, and from coroutines.
local seen = 0
local function hooked(a, b)
  if a == 5 then debug.sethook(function() seen = seen + 1 end, "cr") end
  if a == 8 then debug.sethook() end
  return b
end
local sum = 0
for i = 1, 10 do sum = sum + (hooked(i, i) or 0) + (hooked(i) or 0) + hooked(i, i, i) end
print(sum, seen > 20) --> 110	true
local co = coroutine.wrap(function(a, b)
  for i = 1, 3 do a, b = two(coroutine.yield(one(a), b)) end
  return "end", a
end)
print(co(1, 2, 3)) --> 1	2
print(co(4)) --> 4	nil
print(co()) --> nil	nil
print(co(5, 6)) --> end	5

-- Deep enough for frames and stack to grow between calls of any arity.
local function deep(n, a, b) if n == 0 then return a, b end local x, y = deep(n - 1, b) return y, x, a end
print(deep(20000, "p", "q")) --> nil	nil	p

-- Tables that are called with a handler that is no Lua function, or none.
local callable = setmetatable({}, { __call = string.rep })
print(pcall(callable, 2)) --> false	bad argument #1 to 'string.rep' (string expected, got table)
local nested = setmetatable({}, { __call = setmetatable({}, { __call = function(self, inner, x) return x end }) })
for i = 1, 3 do print(nested(i), select("#", nested())) end
--> 1	1
--> 2	1
--> 3	1
print(select(2, pcall(function() local t = {} t(1) end)):match("attempt.*")) --> attempt to call a table value (local 't')
