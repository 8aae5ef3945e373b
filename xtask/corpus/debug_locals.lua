-- debug.getlocal and setlocal: parameters, locals in scope, varargs, temporaries left out, other threads.
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
local function locals(level)
  local out, i = {}, 1
  while true do
    local name, value = debug.getlocal(level + 1, i)
    if not name then break end
    if name:sub(1, 1) ~= "(" then out[#out + 1] = name .. "=" .. tostring(value) end
    i = i + 1
  end
  return table.concat(out, " ")
end
local function f(a, b)
  local c = a + b
  do local inner = "gone" end
  local d <const> = 5
  local e <close> = nil
  local l1 = locals(1)
  for i = 1, 1 do local body = i; l1 = l1 .. " | " .. locals(1):match("i=.*") end
  for k, v in pairs {x = 1} do l1 = l1 .. " | " .. locals(1):match("k=.*") end
  local c = "shadow"
  return l1 .. " | " .. locals(1)
end
print((f(1, 2):gsub("l1=[^|]*", "l1 ")))
--> a=1 b=2 c=3 e=nil | i=1 body=1 | k=x v=1 | a=1 b=2 c=3 e=nil l1 | i=1 body=1 | k=x v=1 c=shadow
-- setlocal changes what the code sees.
local function set(a)
  local b = "b"
  local n1, n2 = debug.setlocal(1, 1, "new a"), debug.setlocal(1, 2, "new b")
  return a, b, n1, n2, debug.setlocal(1, 100, "x")
end
print(set("old a")) --> new a	new b	a	b	nil
local function loop() local out = {}; for i = 1, 6 do local x = i; local n = 1; while debug.getlocal(1, n) ~= "x" do n = n + 1 end debug.setlocal(1, n, x * 10); out[#out + 1] = tostring(x) end return table.concat(out, " ") end
print(loop()) --> 10 20 30 40 50 60
local function captured() local v = 1; local function get() return v end; debug.setlocal(1, 1, "through setlocal"); return get(), v end
print(captured()) --> through setlocal	through setlocal
local function outer() local hidden = "hidden"; local function change() debug.setlocal(2, 1, "changed from inside") end change(); return hidden end
print(outer()) --> changed from inside
-- Negative indices reach varargs.
local function va(...) local n, v = debug.getlocal(1, -1); local n2, v2 = debug.getlocal(1, -2); debug.setlocal(1, -1, "set"); return n, v, v2, debug.getlocal(1, -4), ... end
print(va("first", "second", "third")) --> (vararg)	first	second	nil	set	second	third
print((function(a) return debug.getlocal(1, -1) end)(1)) --> nil
-- Parameter names of functions that are not active.
print(debug.getlocal(f, 1), debug.getlocal(f, 2), debug.getlocal(f, 3), debug.getlocal(select, 1), debug.getlocal(function(...) end, 1))
--> a	b	nil	nil	nil
local obj = {}
function obj:method(x) end
print(debug.getlocal(obj.method, 1), debug.getlocal(obj.method, 2), debug.getlocal(obj.method, 0), debug.getlocal(obj.method, -1))
--> self	x	nil	nil
-- Locals of coroutines, suspended and dead.
local co = coroutine.create(function(p) local q = p * 2; local r = coroutine.yield(q); return p, q, r end)
print(coroutine.resume(co, 21)) --> true	42
print(debug.getlocal(co, 1, 1)); print(debug.getlocal(co, 1, 2)); print(debug.setlocal(co, 1, 2, "replaced"), debug.setlocal(co, 1, 1, "too"))
--> p	21
--> q	42
--> q	p
print(coroutine.resume(co, "end")) --> true	too	replaced	end
print(err(debug.getlocal, co, 1, 1)); print(err(debug.getlocal, 1000, 1)); print(err(debug.getlocal, 1)); print(err(debug.setlocal, 1000, 1, 1)); print(err(debug.getlocal, "x", 1)); print(err(debug.setlocal, 1, 1))
--> bad argument #2 to 'debug.getlocal' (level out of range)
--> bad argument #1 to 'debug.getlocal' (level out of range)
--> bad argument #2 to 'debug.getlocal' (number expected, got no value)
--> bad argument #1 to 'debug.setlocal' (level out of range)
--> bad argument #1 to 'debug.getlocal' (number expected, got string)
--> bad argument #3 to 'debug.setlocal' (value expected)
-- Names of locals that hold functions, in recursion: each level has its own.
local function rec(n) local mine = n * n; if n == 0 then local s = {}; for level = 1, 4 do local name, v = debug.getlocal(level, 2); s[#s + 1] = name .. v end return table.concat(s, " ") end local r = rec(n - 1); return r end
print(rec(3)) --> mine0 mine1 mine4 mine9
