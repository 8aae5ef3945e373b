-- Arrays: two-dimensional use, holes made and filled, growth from several ends, mixed key order.
local grid = {}
for y = 1, 12 do grid[y] = {}; for x = 1, 12 do grid[y][x] = x * y end end
local trace, anti, border = 0, 0, 0
for i = 1, 12 do trace = trace + grid[i][i]; anti = anti + grid[i][13 - i]; border = border + grid[1][i] + grid[12][i] end
print(trace, anti, border, #grid, #grid[12]) --> 650	364	1014	12	12
for y = 1, 12 do for x = 1, y - 1 do grid[y][x], grid[x][y] = -grid[x][y], grid[y][x] end end
print(grid[3][2], grid[2][3], grid[12][1], grid[1][12]) --> -6	6	-12	12
-- Filled from the end, from the middle, by odd then even indices, with negative indices below.
local function fill(order) local t = {}; for _, i in ipairs(order) do t[i] = i end local n = 0; for k, v in pairs(t) do assert(k == v); n = n + 1 end return n, #t, t[1], t[#order] end
local up, down, odd_even, middle = {}, {}, {}, {}
for i = 1, 33 do up[i] = i; down[i] = 34 - i; middle[i] = i % 2 == 0 and 17 - i // 2 or 17 + i // 2 end
for i = 1, 33, 2 do odd_even[#odd_even + 1] = i end for i = 2, 33, 2 do odd_even[#odd_even + 1] = i end
print(fill(up)); print(fill(down)); print(fill(odd_even)); print(fill(middle))
--> 33	33	1	33
--> 33	33	1	33
--> 33	33	1	33
--> 33	33	1	33
local neg = {}
for i = -10, 10 do neg[i] = i end
print(#neg, neg[-10], neg[0], select(2, pcall(function() local s = 0; for i = -10, 10 do s = s + neg[i] end return s end)))
--> 10	-10	0	0
-- Float keys that are integral reach the array; others do not.
local f = {}
for i = 1, 10 do f[i / 1] = i end
for i = 1, 10 do f[i + 0.5] = -i end
local ints, floats = 0, 0
for k in pairs(f) do if math.type(k) == "integer" then ints = ints + 1 else floats = floats + 1 end end
print(#f, ints, floats, f[10], f[10.0], f[10.5], f[2^53]) --> 10	10	10	10	10	-10	nil
-- Truncation and refilling many times; insertion and removal in the middle.
local t = {}
for round = 1, 8 do
  for i = 1, round * 4 do t[#t + 1] = round end
  for i = 1, round * 2 do t[#t] = nil end
end
print(#t, t[1], t[#t], t[#t + 1]) --> 72	1	8	nil
for i = 1, 5 do table.insert(t, 3, "new" .. i) end
for i = 1, 3 do table.remove(t, 4) end
print(#t, t[2], t[3], t[4], t[5]) --> 74	1	new5	new1	2
-- An array of arrays shared by reference; copies, slices, rotations, flattening, zipping.
local row = {0, 0, 0}
local shared = {row, row, {0, 0, 0}}
shared[1][2] = "x"
print(shared[2][2], shared[3][2], shared[1] == shared[2]) --> x	0	true
local function slice(a, i, j) return table.move(a, i, j or #a, 1, {}) end
local function rotate(a, k) local n, out = #a, {}; for i = 1, n do out[(i - 1 + k) % n + 1] = a[i] end return out end
local function flatten(a, out) out = out or {}; for _, v in ipairs(a) do if type(v) == "table" then flatten(v, out) else out[#out + 1] = v end end return out end
local function zip(...) local lists, out = {...}, {}; for i = 1, #lists[1] do out[i] = {}; for j, l in ipairs(lists) do out[i][j] = l[i] end end return out end
print(table.concat(slice({1, 2, 3, 4, 5}, 2, 4), ","), table.concat(rotate({1, 2, 3, 4, 5}, 2), ","), table.concat(rotate({1, 2, 3}, -1), ","), table.concat(flatten {1, {2, {3, {}, 4}}, {{5}}}, ","), #zip({1, 2}, {"a", "b"}), zip({1, 2}, {"a", "b"})[2][2])
--> 2,3,4	4,5,1,2,3	2,3,1	1,2,3,4,5	2	b
-- Reversal in place, unique values, counting, grouping, set operations, binary partition.
local function reverse(a) for i = 1, #a // 2 do a[i], a[#a + 1 - i] = a[#a + 1 - i], a[i] end return a end
local function unique(a) local seen, out = {}, {}; for _, v in ipairs(a) do if not seen[v] then seen[v] = true; out[#out + 1] = v end end return out end
local function group(a, f) local g = {}; for _, v in ipairs(a) do local k = f(v); g[k] = g[k] or {}; table.insert(g[k], v) end return g end
local g = group({1, 2, 3, 4, 5, 6, 7}, function(v) return v % 3 end)
print(table.concat(reverse {1, 2, 3, 4}, ","), table.concat(unique {3, 1, 3, 2, 1}, ","), table.concat(g[0], ","), table.concat(g[1], ","), table.concat(g[2], ","))
--> 4,3,2,1	3,1,2	3,6	1,4,7	2,5
-- Sparse arrays: a few far elements, cleared again, then dense.
local sparse = {}
for _, i in ipairs {1, 10, 100, 1000, 100000, 1 << 40} do sparse[i] = i end
local sum = 0
for k, v in pairs(sparse) do sum = sum + (k == v and 1 or 100) end
for _, i in ipairs {10, 100, 1000, 100000, 1 << 40} do sparse[i] = nil end
for i = 2, 50 do sparse[i] = i end
print(sum, #sparse, sparse[50], sparse[1 << 40]) --> 6	50	50	nil
