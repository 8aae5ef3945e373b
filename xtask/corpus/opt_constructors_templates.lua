-- Table constructors evaluated many times: fresh tables, nil fields, computed keys, shapes that change afterwards.
local function point(x, y) return {x = x, y = y} end
local a, b = point(1, 2), point(3, nil)
a.z = 5; b.x = nil
local c = point(7, 8)
print(a.x, a.y, a.z, b.x, b.y, next(b), c.x, c.y, c.z) --> 1	2	5	nil	nil	nil	7	8	nil
local function keys(t) local k = {}; for key in pairs(t) do k[#k + 1] = tostring(key) end table.sort(k); return table.concat(k, ",") end
print(keys(point(nil, nil)), keys(point(false, 0)), keys(point(1)), keys(point(1, 2))) --> 	x,y	x	x,y
-- Templates are not shared: writes into one result do not show in the next.
local function constant() return {kind = "k", list = {1, 2, 3}, n = 0, [1] = "first", nested = {deep = {v = 1}}} end
local p = constant()
p.kind = "changed"; p.list[2] = "x"; p.n = p.n + 1; p[1] = nil; p.nested.deep.v = 99; p.extra = true
local q = constant()
print(q.kind, table.concat(q.list, ","), q.n, q[1], q.nested.deep.v, q.extra, p.list ~= q.list, p.nested.deep ~= q.nested.deep)
--> k	1,2,3	0	first	1	nil	true	true
local function empty() return {} end
local e1, e2 = empty(), empty()
e1[1] = "only in e1"
print(#e1, #e2, e1 == e2) --> 1	0	false
-- The same constructor with values of every kind, in a loop; some fields are calls.
local out = {}
for i, v in ipairs {1, 2.5, "s", true, {}, print} do
  local t = {i, value = v, kind = type(v), [i * 10] = i, [tostring(i)] = -i, f = function() return i end}
  out[#out + 1] = t[1] .. t.kind .. t[i * 10] .. t[tostring(i)] .. t.f() .. tostring(t.value == v)
end
print(table.concat(out, " ")) --> 1number1-11true 2number2-22true 3string3-33true 4boolean4-44true 5table5-55true 6function6-66true
-- Array constructors with nil holes, with the last value expanding, of several sizes.
local function arr(...) return {1, nil, 3, ...} end
print(arr()[3], arr()[2], arr(4, 5)[5], #arr(4), select("#", table.unpack(arr(nil, 6), 1, 5)), arr(nil, 6)[5]) --> 3	nil	5	4	5	6
local function sized(n) if n == 1 then return {n} elseif n == 2 then return {n, n} elseif n == 5 then return {n, n, n, n, n} end return {n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n} end
for _, n in ipairs {1, 2, 5, 17} do local t = sized(n); assert(#t == n); t[#t + 1] = "grown"; assert(#t == n + 1); t[n + 1] = nil; t[n] = nil; assert(#t == n - 1) end
-- Metatables set on results; constructors that call code which changes globals, collects, or raises.
local mt = {__index = function(_, k) return k .. "?" end}
local objects = {}
for i = 1, 4 do objects[i] = setmetatable({id = i, name = i % 2 == 0 and "even" or nil}, mt) end
print(objects[1].name, objects[2].name, objects[3].id, objects[4].other) --> name?	even	3	other?
local made = 0
local function build(fail) return {(function() made = made + 1; collectgarbage(); return made end)(), x = fail and error("in constructor", 0) or made, y = (function() made = made + 10; return made end)()} end
local t = build(false)
print(t[1], t.x, t.y, pcall(build, true)); print(made, build(false).y)
--> 1	1	11	false	in constructor
--> 12	23
-- Deep and wide literals in functions that recurse; keys that repeat; integer keys that meet positions.
local function tree(d) if d == 0 then return {leaf = true} end return {left = tree(d - 1), right = tree(d - 1), depth = d} end
local function count(n) return n.leaf and 1 or count(n.left) + count(n.right) end
print(count(tree(6)), tree(3).left.right.depth, tree(1).left ~= tree(1).left) --> 64	1	true
local function repeated(v) return {k = 1, k = v, [1] = "hidden", v, [2] = "kept", k2 = v, [1.0] = "too late or not"} end
print(repeated("v").k, repeated("v")[2], repeated(nil).k, repeated("w").k2) --> v	kept	nil	w
-- Records whose fields are added in different orders hold the same.
local r1, r2 = {}, {}
for _, k in ipairs {"a", "b", "c", "d"} do r1[k] = k end
for _, k in ipairs {"d", "c", "b", "a"} do r2[k] = k end
local r3 = {b = "b", a = "a", d = "d", c = "c"}
print(keys(r1) == keys(r2), keys(r2) == keys(r3), r1.a .. r2.b .. r3.c) --> true	true	abc
for _, r in ipairs {r1, r2, r3, {a = 1}, {}} do r.b = nil; r.e = "e" end
print(keys(r1), keys(r2), keys(r3)) --> a,c,d,e	a,c,d,e	a,c,d,e
