-- pairs, ipairs and next in loops: replaced, on tables that change kind, with __pairs added between.
local function keys(t) local out = {}; for k, v in pairs(t) do out[#out + 1] = tostring(k) .. "=" .. tostring(v) end table.sort(out); return table.concat(out, " ") end
local function list(t) local out = {}; for i, v in ipairs(t) do out[#out + 1] = i .. "=" .. tostring(v) end return table.concat(out, " ") end
local t = {1, 2, x = 3}
local log = {keys(t), list(t)}
local mt = {}
setmetatable(t, mt); log[#log + 1] = keys(t)
mt.__pairs = function(self) return function(_, k) if not k then return "custom", rawlen(self) end end, self, nil end
log[#log + 1] = keys(t); log[#log + 1] = list(t); mt.__pairs = nil; log[#log + 1] = keys(t)
mt.__index = function(_, i) if i == 3 then return "third" end end; log[#log + 1] = list(t); mt.__index = {nil, nil, "t3", "t4"}; log[#log + 1] = list(t); mt.__index = nil; log[#log + 1] = list(t)
print(table.concat(log, " | "))
--> 1=1 2=2 x=3 | 1=1 2=2 | 1=1 2=2 x=3 | custom=2 | 1=1 2=2 | 1=1 2=2 x=3 | 1=1 2=2 3=third | 1=1 2=2 3=t3 4=t4 | 1=1 2=2
-- The loop's hidden state is its own: changes of the variable, of the table variable, of next.
local real_next = next
log = {}
for k, v in next, {a = 1} do log[#log + 1] = k .. v; k, v = nil, nil end
local src = {10, 20, 30}
for i, v in ipairs(src) do log[#log + 1] = v; src = {}; i = 100 end
src = {10, 20, 30}
for k, v in pairs(src) do log[#log + 1] = v; next = function() error "not used by the loop" end; src = nil end
next = real_next
print(table.concat(log, " ")) --> a1 10 20 30 10 20 30
-- Values cleared ahead of the traversal are skipped, those behind do not matter; sums stay right.
local big, sum, visited = {}, 0, 0
for i = 1, 64 do big[i] = i end
for i, v in pairs(big) do visited = visited + 1; sum = sum + v; if i <= 32 then big[65 - i] = nil end end
print(visited >= 32, sum >= 528) --> true	true
local h = {}
for i = 1, 40 do h["k" .. i] = i end
local removed, seen = {}, 0
for k, v in pairs(h) do seen = seen + 1; assert(not removed[k], "visited after removal"); local other = "k" .. 41 - v; if h[other] and other ~= k then h[other] = nil; removed[other] = true end end
print(seen) --> 20
-- ipairs stops at the first nil at the time it is reached; extends while it runs.
local e, n = {1}, 0
for i, v in ipairs(e) do n = n + v; if i < 10 then e[i + 1] = i + 1 end end
print(n, #e) --> 55	10
local holes = {1, 2, nil, 4}
n = 0
for _ in ipairs(holes) do n = n + 1 end
holes[3] = 3
for _ in ipairs(holes) do n = n + 1 end
print(n) --> 6
-- Nested loops over the same table; break and goto; closures over the loop variables.
local m, fs = {a = 1, b = 2, c = 3}, {}
n = 0
for k1, v1 in pairs(m) do for k2, v2 in pairs(m) do if k1 == k2 then goto next_pair end n = n + v1 * v2; if n > 1000 then break end ::next_pair:: end fs[#fs + 1] = function() return k1 .. v1 end end
for i, f in ipairs(fs) do fs[i] = f() end
table.sort(fs)
print(n, table.concat(fs, " ")) --> 22	a1 b2 c3
-- next with keys of all kinds; next in conditions; empty checks after clearing.
local mixed = {1, [2.5] = "f", [true] = "b", s = "s", [print] = "p", [-1] = "neg"}
local kinds, k, v = {}, next(mixed)
while k ~= nil do kinds[#kinds + 1] = type(k); k, v = next(mixed, k) end
table.sort(kinds)
print(table.concat(kinds, " "), next({}) == nil, not next({}), next({false}), next({[false] = 1}))
--> boolean function number number number string	true	true	1	false	1
local cleared = {1, 2, 3, a = 1}
for key in pairs(cleared) do cleared[key] = nil end
print(next(cleared), #cleared, keys(cleared) == "") --> nil	0	true
-- Iterators that are not next: strings, numbers of results, state changed by the body, recursion inside of a loop.
local function count(_, i) if i < 3 then return i + 1, i * 2, i * 3, i * 4 end end
log = {}
for a, b, c, d in count, nil, 0 do log[#log + 1] = a .. b .. c .. d end
for a in count, nil, 2 do log[#log + 1] = a end
for a, b, c, d, x in count, nil, 2 do log[#log + 1] = tostring(x) end
local function walk(tree, depth) local s = ""; for _, sub in ipairs(tree) do s = s .. depth .. walk(sub, depth + 1) end return s end
print(table.concat(log, " "), walk({{}, {{}, {{}}}, {}}, 1)) --> 1000 2234 3468 3 nil	112231
for w in ("a b"):gmatch "%a" do for x in ("c d"):gmatch "%a" do io.write(w, x, "\n") end end
--> ac
--> ad
--> bc
--> bd
