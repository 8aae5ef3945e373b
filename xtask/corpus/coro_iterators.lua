-- Coroutines as iterators and in generic for; yields inside of iterators and loops.
local yield, wrap = coroutine.yield, coroutine.wrap
-- Permutations.
local function permutations(list)
  local function perm(n) if n <= 1 then yield(table.concat(list)) else for i = 1, n do list[n], list[i] = list[i], list[n]; perm(n - 1); list[n], list[i] = list[i], list[n] end end end
  return wrap(function() perm(#list) end)
end
local out = {}
for p in permutations {"a", "b", "c"} do out[#out + 1] = p end
table.sort(out); print(table.concat(out, " ")) --> abc acb bac bca cab cba
-- Tree traversal and comparison of two trees by their fringes.
local function inorder(t) if t then inorder(t.left); yield(t.value); inorder(t.right) end end
local function insert(t, v) if not t then return {value = v} end if v < t.value then t.left = insert(t.left, v) else t.right = insert(t.right, v) end return t end
local function tree(...) local t; for _, v in ipairs {...} do t = insert(t, v) end return t end
local function walk(t) return wrap(function() inorder(t) end) end
out = {}
for v in walk(tree(5, 2, 8, 1, 9, 3)) do out[#out + 1] = v end
print(table.concat(out, " ")) --> 1 2 3 5 8 9
local function same(a, b) local fa, fb = walk(a), walk(b); while true do local x, y = fa(), fb(); if x ~= y then return false end if x == nil then return true end end end
print(same(tree(1, 2, 3), tree(3, 2, 1)), same(tree(1, 2, 3), tree(1, 2, 4)), same(tree(1, 2), tree(1, 2, 3))) --> true	false	false
-- Producer, filter, consumer.
local function producer(lines) return coroutine.create(function() for _, l in ipairs(lines) do yield(l) end end) end
local function numbered(source) return coroutine.create(function() local n = 1; while true do local ok, l = coroutine.resume(source); if not l then return end yield(("%2d %s"):format(n, l)); n = n + 1 end end) end
local function consume(source) local r = {}; while true do local _, l = coroutine.resume(source); if not l then break end r[#r + 1] = l end return table.concat(r, "|") end
print(consume(numbered(producer {"one", "two", "three"}))) -->  1 one| 2 two| 3 three
-- Yields in the iterator itself, in the body, and in a nested loop, driven from outside.
local co = wrap(function()
  for v in function() return yield "iterator wants" end do
    for i = 1, v do yield("body " .. v .. "." .. i) end
  end
  return "finished"
end)
print(co(), co(2), co(), co(), co(1), co(), co(nil))
--> iterator wants	body 2.1	body 2.2	iterator wants	body 1.1	iterator wants	finished
-- A generator with a protocol: send, close, finish.
local function averager() return wrap(function(x) local sum, n = 0, 0; while true do sum = sum + x; n = n + 1; x = yield(sum / n) end end) end
local avg = averager()
print(avg(10), avg(20), avg(60)) --> 10.0	15.0	30.0
-- Zip of generators of different lengths, take and skip.
local function range(a, b) return wrap(function() for i = a, b do yield(i) end end) end
local function zip(f, g) return wrap(function() while true do local a, b = f(), g(); if a == nil or b == nil then return end yield(a, b) end end) end
local function take(n, g) return wrap(function() for _ = 1, n do local v = g(); if v == nil then return end yield(v) end end) end
local s = 0
for a, b in zip(range(1, 5), range(10, 100)) do s = s + a * b end
print(s) --> 190
out = {}
for v in take(5, range(1, math.huge)) do out[#out + 1] = v end
print(table.concat(out, " ")) --> 1 2 3 4 5
-- Iterators that outlive a break; a dead wrap raises.
local r = range(1, 3)
for v in r do if v == 2 then break end end
print(r(), r(), pcall(r)) --> 3	nil	false	cannot resume dead coroutine
-- Recursive generators: flatten nested lists of any depth.
local function flatten(t) for _, v in ipairs(t) do if type(v) == "table" then flatten(v) else yield(v) end end end
out = {}
for v in wrap(function() flatten {1, {2, {3, {4}}, 5}, {{6}}} end) do out[#out + 1] = v end
print(table.concat(out, " ")) --> 1 2 3 4 5 6
-- Hamming numbers by merging three lazy streams.
local function merge(f, g) return wrap(function() local a, b = f(), g(); while true do if a < b then yield(a); a = f() elseif b < a then yield(b); b = g() else yield(a); a, b = f(), g() end end end) end
local function times(k, list) return wrap(function() local i = 1; while true do yield(k * list[i]); i = i + 1 end end) end
local hamming = {1}
local stream = merge(times(2, hamming), merge(times(3, hamming), times(5, hamming)))
while #hamming < 20 do hamming[#hamming + 1] = stream() end
print(table.concat(hamming, " ")) --> 1 2 3 4 5 6 8 9 10 12 15 16 18 20 24 25 27 30 32 36
