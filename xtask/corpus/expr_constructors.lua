-- Table constructors: positions, fields, order, last call expanded.
local function count(t) local n = 0; for _ in pairs(t) do n = n + 1 end return n end
local function three() return 1, 2, 3 end
print(#{}, #{1, 2, 3}, #{1, 2, 3,}, #{1; 2; 3;}, #{n = 1}) --> 0	3	3	3	0
print(#{three()}, #{three(), three()}, #{(three())}, #{three(), nil}, #{0, three()}) --> 3	4	1	1	4
local t = {10, 20, [1] = "hidden", x = "field", 30, ["y z"] = 5, [4] = 40}
print(t[1], t[2], t[3], t[4], t.x, t["y z"]) --> 10	20	30	40	field	5
local k = "dynamic"
t = {[k] = 1, [k .. "2"] = 2, [1.0] = "float key", [2^53] = "big"}
print(t.dynamic, t.dynamic2, t[1], t[2^53 | 0]) --> 1	2	float key	big
t = {f = three(), three()}
print(t.f, #t) --> 1	3
t = {three(), n = three()}
print(#t, t.n) --> 1	1
local function va(...) return {...}, {..., ...}, {(...)}, {n = select("#", ...), ...} end
local a, b, c, d = va(1, nil, 3)
print(#a, a[3], b[1], b[2], b[4], #c, d.n, d[3]) --> 3	3	1	1	3	1	3	3
print(count(va()), count({nil, nil, nil}), count {nil, 2}) --> 0	0	1
-- More items than one batch of the constructor holds.
local big = load("return {" .. ("7,"):rep(300) .. "x = 1, " .. ("8,"):rep(250) .. "...}")
local r = big("a", "b", "c")
print(#r, r[300], r[301], r[550], r[551], r[553], r.x) --> 553	7	8	8	a	c	1
local nested = {{{1}, 2}, {a = {b = {c = "deep"}}}}
print(nested[1][1][1], nested[1][2], nested[2].a.b.c) --> 1	2	deep
-- Order of evaluation and duplicate keys: the last one stays.
local log = {}
local function l(v) log[#log + 1] = tostring(v); return v end
t = {l(1), [l "a"] = l(2), l(3), b = l(4), l(5)}
print(table.concat(log, " "), t[2], t.a, t.b) --> 1 a 2 3 4 5	3	2	4
print(({x = 1, x = 2, ["x"] = 3}).x) --> 3
-- Every evaluation is a new table.
local made = {}
for i = 1, 3 do made[i] = {} end
print(made[1] ~= made[2], made[2] ~= made[3]) --> true	true
local function maker() return {shared = {}} end
print(maker().shared == maker().shared) --> false
-- Keys that cannot be.
print((select(2, pcall(function() return {[nil] = 1} end)):gsub("^.-:%d+: ", ""))) --> table index is nil
print((select(2, pcall(function() return {[0 / 0] = 1} end)):gsub("^.-:%d+: ", ""))) --> table index is NaN
print(({[false] = "f", [true] = "t"})[1 == 2], #{[1] = 1, [2] = 2, [3] = 3}) --> f	3
