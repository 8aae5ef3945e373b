-- Closures: shared and separate upvalues, through intermediate functions, after their frames are gone.
local function counter()
  local n = 0
  return function() n = n + 1; return n end, function() return n end, function(v) n = v end
end
local inc, get, set = counter()
local inc2, get2 = counter()
print(inc(), inc(), get(), inc2(), get2()) --> 1	2	2	1	1
set(100)
print(inc(), get(), get2()) --> 101	101	1
-- Siblings share; a write through one is seen in the enclosing frame, while it lives.
local function outer()
  local x = 1
  local function write(v) x = v end
  local function read() return x end
  write(5)
  local seen = x
  x = 7
  return seen, read(), write, read
end
local seen, r, write, read = outer()
print(seen, r, read()); write("changed"); print(read())
--> 5	7	7
--> changed
-- Captured through functions that do not use it themselves.
local function level1()
  local deep = "deep"
  return function() return function() return function(v) if v then deep = v end return deep end end end
end
local access = level1()()()
local access2 = level1()()()
print(access(), access "new", access(), access2()) --> deep	new	new	deep
local make = level1()
local p, q = make()(), make()()
print(p "shared", q()) --> shared	shared
-- Arguments and varargs, self recursion, mutual recursion.
local function adder(a) return function(b) a = a + b; return a end end
local add = adder(10)
print(add(5), add(5), adder(1)(1)) --> 15	20	2
local function fact(n) if n <= 1 then return 1 end return n * fact(n - 1) end
local even, odd
function even(n) if n == 0 then return true end return odd(n - 1) end
function odd(n) if n == 0 then return false end return even(n - 1) end
print(fact(10), even(10), odd(7), even(7)) --> 3628800	true	true	false
local function capture(...) local args = {...}; local first = ...; return function() return first, #args, args[#args] end end
print(capture("a", "b", "c")()) --> a	3	c
-- Blocks: each entry has its own variable.
local fs = {}
for round = 1, 3 do
  local a, b = round, round * 10
  do local c = a + b; fs[#fs + 1] = function(d) c = c + (d or 0); return a, b, c end end
end
fs[1](1); fs[2](2)
print(fs[1](), fs[2](), fs[3]()) --> 1	2	3	30	33
print(fs[1]()) --> 1	10	12
local i, ws = 0, {}
while i < 3 do i = i + 1; local j = i; ws[i] = function() j = j + 1; return j, i end end
print(ws[1](), ws[1](), ws[3]()) --> 2	3	4	3
print(ws[2]()) --> 3	3
local rs, k = {}, 0
repeat local m = k; k = k + 1; rs[k] = function() m = m + 1; return m end until m >= 2
print(rs[1](), rs[1](), rs[2](), rs[3](), #rs) --> 1	2	2	3	3
-- Many upvalues in one closure.
local src = {"local t = {}"}
for n = 1, 60 do src[#src + 1] = ("local v%d = %d"):format(n, n) end
src[#src + 1] = "return function() local s = 0"
for n = 1, 60 do src[#src + 1] = ("s = s + v%d; v%d = v%d + 1"):format(n, n, n) end
src[#src + 1] = "return s end"
local many = load(table.concat(src, "\n"))()
print(many(), many()) --> 1830	1890
-- Functions compare by identity; a closure with state is never the same as another.
local function mk() local s = {}; return function() return s end end
local a, b = mk(), mk()
print(a == a, a == b, a() == a(), a() == b()) --> true	false	true	false
