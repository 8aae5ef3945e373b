-- Multiple assignment: all expressions come before the assignments.
local i, t = 1, {}
i, t[i] = i + 1, "one"
print(i, t[1], t[2]) --> 2	one	nil
local a, b, c = 1, 2, 3
a, b, c = c, a, b
print(a, b, c) --> 3	1	2
a, b = b, a
print(a, b) --> 1	3
a, b, c = 10
print(a, b, c) --> 10	nil	nil
a, b = 1, 2, 3
print(a, b) --> 1	2
local function two() return "x", "y" end
a, b, c = two()
print(a, b, c) --> x	y	nil
a, b, c = 0, two()
print(a, b, c) --> 0	x	y
a, b, c = two(), 0
print(a, b, c) --> x	0	nil
a, b, c = (two())
print(a, b, c) --> x	nil	nil
-- A table that is replaced in the same statement is still the one written to.
local old = {}
local var = old
var, var.x = {}, 5
print(old.x, var.x) --> 5	nil
old = {}
var = old
var.x, var = 6, {}
print(old.x, var.x) --> 6	nil
local index = 1
local list = {10, 20, 30}
list[index], index = "changed", 3
print(list[1], list[3], index) --> changed	30	3
index, list[index] = 2, "third"
print(list[2], list[3], index) --> 20	third	2
do
  local a = {}
  local i = 3
  i, a[i], a, a[i + 1] = i + 1, 20, "gone", 30
  print(i, a) --> 4	gone
end
-- Swap of fields, elements and upvalues.
local p = {x = 1, y = 2, 3, 4}
p.x, p.y, p[1], p[2] = p.y, p.x, p[2], p[1]
print(p.x, p.y, p[1], p[2]) --> 2	1	4	3
local up1, up2 = "first", "second"
local function swap() up1, up2 = up2, up1 end
swap()
print(up1, up2) --> second	first
-- Extra expressions are evaluated and thrown away.
local calls = 0
local function called(...) calls = calls + 1; return ... end
a = called(1), called(2), called(3)
print(a, calls) --> 1	3
local x <const>, y = called(7), called(8), called(9)
print(x, y, calls) --> 7	8	6
-- Locals see the outer name on the right side.
local v = "outer"
do
  local v = v .. " and inner"
  print(v) --> outer and inner
end
local v, w = v, v
print(v, w) --> outer	outer
-- Calls in subscripts happen left to right before the values.
local order = {}
local function key(k) order[#order + 1] = k; return k end
local store = {}
store[key "k1"], store[key "k2"] = key "v1", key "v2"
print(table.concat(order, " "), store.k1, store.k2) --> k1 k2 v1 v2	v1	v2
