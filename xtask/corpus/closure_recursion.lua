-- Recursive closures, Y combinator, memoized recursion, deep captures, functions that return themselves.
local Y = function(f) return (function(x) return x(x) end)(function(x) return f(function(...) return x(x)(...) end) end) end
print(Y(function(self) return function(n) if n == 0 then return 1 end return n * self(n - 1) end end)(12)) --> 479001600
local function memoize(f) local cache = {}; return function(n) local v = cache[n]; if v == nil then v = f(n); cache[n] = v end return v end end
local fib
fib = memoize(function(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end)
print(fib(80), fib(90)) --> 23416728348467685	2880067194370816120
local function compose(...)
  local fs = table.pack(...)
  return function(...)
    local results = table.pack(...)
    for i = fs.n, 1, -1 do results = table.pack(fs[i](table.unpack(results, 1, results.n))) end
    return table.unpack(results, 1, results.n)
  end
end
print(compose(function(a, b) return a + b end, function(a, b) return b, a * 10 end)(2, 3)) --> 23
-- Church numerals.
local zero = function(f) return function(x) return x end end
local function succ(n) return function(f) return function(x) return f(n(f)(x)) end end end
local function plus(a, b) return function(f) return function(x) return a(f)(b(f)(x)) end end end
local function times(a, b) return function(f) return a(b(f)) end end
local function number(n) return n(function(x) return x + 1 end)(0) end
local three = succ(succ(succ(zero)))
print(number(three), number(plus(three, three)), number(times(three, plus(three, three)))) --> 3	6	18
-- A stream built of closures.
local function from(n) return {head = n, tail = function() return from(n + 1) end} end
local function filter(s, p) while not p(s.head) do s = s.tail() end return {head = s.head, tail = function() return filter(s.tail(), p) end} end
local function take(s, n) local out = {}; for i = 1, n do out[i] = s.head; s = s.tail() end return table.concat(out, " ") end
local function sieve(s) return {head = s.head, tail = function() return sieve(filter(s.tail(), function(x) return x % s.head ~= 0 end)) end} end
print(take(sieve(from(2)), 10)) --> 2 3 5 7 11 13 17 19 23 29
-- Functions that replace themselves.
local function once() local answer = "computed"; once = function() return "cached " .. answer end return answer end
print(once(), once(), once()) --> computed	cached computed	cached computed
-- Local function sees itself, a local variable does not.
local function visible() return visible ~= nil end
local hidden = function() return hidden == nil end
print(visible(), hidden()) --> true	true
-- Counters shared by an object's methods, private to it.
local function account(balance)
  local self, history = {}, {}
  function self.deposit(n) balance = balance + n; history[#history + 1] = "+" .. n; return self end
  function self.withdraw(n) if n > balance then error("insufficient funds", 2) end balance = balance - n; history[#history + 1] = "-" .. n; return self end
  function self.report() return balance .. " " .. table.concat(history) end
  return self
end
local a, b = account(100), account(5)
a.deposit(50).withdraw(30); b.deposit(1)
print(a.report(), b.report(), pcall(b.withdraw, 100) == false, b.report()) --> 120 +50-30	6 +1	true	6 +1
-- Continuation passing, with every frame's upvalue alive.
local function sum_cps(n, k) if n == 0 then return k(0) end return sum_cps(n - 1, function(s) return k(s + n) end) end
print(sum_cps(200, function(s) return s end)) --> 20100
local function map_tree(t, f) if type(t) ~= "table" then return f(t) end local r = {}; for i, v in ipairs(t) do r[i] = map_tree(v, f) end return r end
local count = 0
local mapped = map_tree({1, {2, {3, 4}}, 5}, function(x) count = count + 1; return x * count end)
print(mapped[1], mapped[2][1], mapped[2][2][2], mapped[3], count) --> 1	4	16	25	5
