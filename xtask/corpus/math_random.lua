-- math.random and randomseed: xoshiro256**, ranges, seeds, errors.
local function err(f, ...)
  local ok, message = pcall(f, ...)
  return ok and "ok" or (message:gsub("^[^:]+:%d+: ", ""))
end
math.randomseed(42)
print(math.random(0), math.random(0)) --> -1276290044721465627	8333941968102511665
print(math.random(100), math.random(100), math.random(-5, 5), math.random(1, 1), math.random(math.mininteger, math.maxinteger))
--> 76	86	0	1	8557396579841723654
print(("%.14f %.14f"):format(math.random(), math.random())) --> 0.71097689661551 0.27455699358752
math.randomseed(1, 2)
print(math.random(0), math.random(1 << 40), math.random(0, 1), ("%.17g"):format(math.random()))
--> 8291693048688576641	1044426370953	0	0.34305203708388043
math.randomseed(42)
local a = {math.random(0), math.random(10), math.random()}
math.randomseed(42, 0)
local b = {math.random(0), math.random(10), math.random()}
math.randomseed(42.0)
local c = {math.random(0), math.random(10), math.random()}
print(a[1] == b[1] and a[2] == b[2] and a[3] == b[3], a[1] == c[1]) --> true	true
print(err(math.randomseed, 0.5), select("#", math.randomseed(7)), select("#", math.randomseed()))
--> bad argument #1 to 'math.randomseed' (number has no integer representation)	2	2
math.randomseed(123)
local counts = {}
for i = 1, 600 do
  local r = math.random(6)
  assert(math.type(r) == "integer" and r >= 1 and r <= 6)
  counts[r] = (counts[r] or 0) + 1
end
for i = 1, 6 do assert(counts[i] > 50) end
for i = 1, 200 do
  local f = math.random()
  assert(math.type(f) == "float" and f >= 0 and f < 1)
  local n = math.random(-10, 10)
  assert(n >= -10 and n <= 10)
  assert(math.random(5, 5) == 5)
  local m = math.random(math.maxinteger - 3, math.maxinteger)
  assert(m >= math.maxinteger - 3)
  assert(math.random(math.mininteger, math.mininteger + 1) <= math.mininteger + 1)
end
print(counts[1], counts[6], math.random(1000000)) --> 80	100	466375
print(err(math.random, 0, -1), err(math.random, 2, 1), err(math.random, -5), err(math.random, 1, 2, 3), err(math.random, 1.5), err(math.random, "x"))
--> bad argument #1 to 'math.random' (interval is empty)	bad argument #1 to 'math.random' (interval is empty)	bad argument #1 to 'math.random' (interval is empty)	wrong number of arguments	bad argument #1 to 'math.random' (number has no integer representation)	bad argument #1 to 'math.random' (number expected, got string)
print(err(math.randomseed, "x"), err(math.randomseed, {}), err(math.random, 1, 2^63), err(math.random, nil), err(math.randomseed, 1, 1.5))
--> bad argument #1 to 'math.randomseed' (number expected, got string)	bad argument #1 to 'math.randomseed' (number expected, got table)	bad argument #2 to 'math.random' (number has no integer representation)	bad argument #1 to 'math.random' (number expected, got nil)	bad argument #2 to 'math.randomseed' (number has no integer representation)
print(math.random("3") <= 3, math.random(3.0) <= 3, err(math.random, 1, nil))
--> true	true	bad argument #2 to 'math.random' (number expected, got nil)
-- A shuffle with a fixed seed, the same on every machine.
math.randomseed(2024)
local deck = {}
for i = 1, 20 do deck[i] = i end
for i = #deck, 2, -1 do local j = math.random(i); deck[i], deck[j] = deck[j], deck[i] end
print(table.concat(deck, " ")) --> 2 6 14 12 20 1 7 16 19 4 5 18 8 11 9 13 15 3 17 10
