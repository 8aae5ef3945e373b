-- Memoization: by one and many arguments, with nil and NaN, weak caches, recursive functions, invalidation.
local function memoize(f)
  local cache, NIL, NAN = {}, {}, {}
  local calls = 0
  local function key(v) if v == nil then return NIL elseif v ~= v then return NAN end return v end
  local function memo(...)
    local node, n = cache, select("#", ...)
    node[n] = node[n] or {}
    node = node[n]
    for i = 1, n do local k = key((select(i, ...))); node[k] = node[k] or {}; node = node[k] end
    local results = rawget(node, cache)
    if not results then calls = calls + 1; results = table.pack(f(...)); node[cache] = results end
    return table.unpack(results, 1, results.n)
  end
  return memo, function() return calls end, function() cache = {} end
end
local function show(...) local t = table.pack(...); for i = 1, t.n do t[i] = tostring(t[i]) end return t.n .. "(" .. table.concat(t, ",") .. ")" end
local f, calls, clear = memoize(show)
print(f(), f(), f(nil), f(nil, nil), f(1, nil, 2), f(1, nil, 2), calls()) --> 0()	0()	1(nil)	2(nil,nil)	3(1,nil,2)	3(1,nil,2)	4
print(f(0 / 0) == f(0 / 0), f(1), f(1.0), f("1"), f(true), calls()) --> true	1(1)	1(1)	1(1)	1(true)	8
clear(); print(f(), calls()) --> 0()	9
local fib, fib_calls
fib, fib_calls = memoize(function(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end)
print(fib(60), fib_calls(), fib(60), fib_calls()) --> 1548008755920	61	1548008755920	61
local function multi(a, b) return a + b, a - b, nil end
local m = memoize(multi)
print(select("#", m(5, 3)), m(5, 3)); print((m(5, 3)))
--> 3	8	2	nil
--> 8
-- Errors are not remembered.
local attempts = 0
local flaky = memoize(function() attempts = attempts + 1; if attempts < 3 then error("try " .. attempts, 0) end return "ok" end)
print(pcall(flaky)); print(pcall(flaky)); print(pcall(flaky)); print(pcall(flaky)); print(attempts)
--> false	try 1
--> false	try 2
--> true	ok
--> true	ok
--> 3
-- Weak cache keyed by objects, ephemeral values.
local cache = setmetatable({}, {__mode = "k"})
local computed = 0
local function area(o) local v = cache[o]; if not v then computed = computed + 1; v = {o.w * o.h, o}; cache[o] = v end return v[1] end
local o1, o2 = {w = 2, h = 3}, {w = 4, h = 5}
print(area(o1), area(o2), area(o1), computed) --> 6	20	6	2
o2 = nil; collectgarbage(); collectgarbage()
local left = 0
for k in pairs(cache) do left = left + 1; assert(k == o1) end
print(left, area(o1), computed) --> 1	6	2
-- __index as a memo: factorials, primes, words.
local fact = setmetatable({[0] = 1}, {__index = function(t, n) local v = n * t[n - 1]; t[n] = v; return v end})
print(fact[10], rawget(fact, 5), rawget(fact, 11), fact[20], fact[21]) --> 3628800	120	nil	2432902008176640000	-4249290049419214848
local lengths = setmetatable({}, {__index = function(t, s) local n = #s; rawset(t, s, n); return n end})
local total = 0
for w in ("the cat and the dog and the bird"):gmatch "%a+" do total = total + lengths[w] end
local distinct = 0
for _ in pairs(lengths) do distinct = distinct + 1 end
print(total, distinct) --> 25	5
-- Collatz lengths and partitions with memo tables.
local steps = {[1] = 1}
local function collatz(n) if not steps[n] then steps[n] = 1 + collatz(n % 2 == 0 and n // 2 or 3 * n + 1) end return steps[n] end
local best, at = 0, 0
for n = 1, 300 do if collatz(n) > best then best, at = collatz(n), n end end
print(best, at, steps[27]) --> 128	231	112
local partitions = memoize(function(n, k) return nil end)
local function count(n, k, memo) memo = memo or {}; local id = n * 1000 + k; if memo[id] then return memo[id] end local v; if n == 0 then v = 1 elseif n < 0 or k == 0 then v = 0 else v = count(n - k, k, memo) + count(n, k - 1, memo) end memo[id] = v; return v end
print(count(5, 5), count(10, 10), count(40, 40), partitions(1, 2)) --> 7	42	37338	nil
-- Change making, binomials, Catalan, Pascal's triangle.
local ways = {[0] = 1}
for _, coin in ipairs {1, 5, 10, 25, 50} do for amount = coin, 100 do ways[amount] = (ways[amount] or 0) + (ways[amount - coin] or 0) end end
local row = {1}
for n = 1, 20 do for k = n, 1, -1 do row[k + 1] = (row[k + 1] or 0) + row[k] end end
local catalan = {[0] = 1}
for n = 1, 15 do catalan[n] = catalan[n - 1] * 2 * (2 * n - 1) // (n + 1) end
print(ways[100], row[11], row[21], catalan[15]) --> 292	184756	1	9694845
