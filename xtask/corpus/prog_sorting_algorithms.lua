-- Sorting algorithms in Lua, compared with table.sort; stability; searches in sorted lists.
local function bubble(t, lt) local n = #t; repeat local swapped = false; for i = 2, n do if lt(t[i], t[i - 1]) then t[i], t[i - 1] = t[i - 1], t[i]; swapped = true end end n = n - 1 until not swapped end
local function insertion(t, lt) for i = 2, #t do local v, j = t[i], i - 1; while j > 0 and lt(v, t[j]) do t[j + 1] = t[j]; j = j - 1 end t[j + 1] = v end end
local function selection(t, lt) for i = 1, #t - 1 do local m = i; for j = i + 1, #t do if lt(t[j], t[m]) then m = j end end t[i], t[m] = t[m], t[i] end end
local function shell(t, lt) local gap = #t // 2; while gap > 0 do for i = gap + 1, #t do local v, j = t[i], i; while j > gap and lt(v, t[j - gap]) do t[j] = t[j - gap]; j = j - gap end t[j] = v end gap = gap // 2 end end
local function merge(t, lt)
  local function sort(lo, hi)
    if lo >= hi then return end
    local mid = (lo + hi) // 2
    sort(lo, mid); sort(mid + 1, hi)
    local out, i, j = {}, lo, mid + 1
    while i <= mid or j <= hi do if j > hi or i <= mid and not lt(t[j], t[i]) then out[#out + 1] = t[i]; i = i + 1 else out[#out + 1] = t[j]; j = j + 1 end end
    table.move(out, 1, #out, lo, t)
  end
  sort(1, #t)
end
local function quick(t, lt)
  local function sort(lo, hi)
    while lo < hi do
      local pivot, i, j = t[(lo + hi) // 2], lo, hi
      while i <= j do
        while lt(t[i], pivot) do i = i + 1 end
        while lt(pivot, t[j]) do j = j - 1 end
        if i <= j then t[i], t[j] = t[j], t[i]; i, j = i + 1, j - 1 end
      end
      if j - lo < hi - i then sort(lo, j); lo = i else sort(i, hi); hi = j end
    end
  end
  sort(1, #t)
end
local function heap(t, lt)
  local function sift(i, n) while 2 * i <= n do local c = 2 * i; if c < n and lt(t[c], t[c + 1]) then c = c + 1 end if not lt(t[i], t[c]) then return end t[i], t[c] = t[c], t[i]; i = c end end
  for i = #t // 2, 1, -1 do sift(i, #t) end
  for n = #t, 2, -1 do t[1], t[n] = t[n], t[1]; sift(1, n - 1) end
end
local function less(a, b) return a < b end
local function greater(a, b) return a > b end
local seed = 42
local function random(n) seed = (seed * 16807) % 2147483647; return seed % n end
local algorithms = {{"bubble", bubble}, {"insertion", insertion}, {"selection", selection}, {"shell", shell}, {"merge", merge}, {"quick", quick}, {"heap", heap}, {"table.sort", table.sort}}
local inputs = {{}, {1}, {2, 1}, {1, 2, 3, 4, 5}, {5, 4, 3, 2, 1}, {3, 3, 3, 3}, {1, 2, 1, 2, 1, 2}}
for n = 10, 60, 25 do local t = {}; for i = 1, n do t[i] = random(100) end inputs[#inputs + 1] = t end
for _, a in ipairs(algorithms) do
  local ok = 0
  for _, input in ipairs(inputs) do
    for _, lt in ipairs {less, greater} do
      local t, expected = table.move(input, 1, #input, 1, {}), table.move(input, 1, #input, 1, {})
      a[2](t, lt); table.sort(expected, lt)
      if table.concat(t, " ") == table.concat(expected, " ") then ok = ok + 1 end
    end
  end
  io.write(a[1], " ", ok, "\n")
  --> bubble 20
  --> insertion 20
  --> selection 20
  --> shell 20
  --> merge 20
  --> quick 20
  --> heap 20
  --> table.sort 20
end
-- Stability.
local function records() local r = {}; for i, k in ipairs {3, 1, 2, 1, 3, 2, 1} do r[i] = {key = k, pos = i} end return r end
local function by_key(a, b) return a.key < b.key end
for _, a in ipairs {{"merge", merge}, {"insertion", insertion}, {"bubble", bubble}} do local r = records(); a[2](r, by_key); local s = {}; for i, e in ipairs(r) do s[i] = e.key .. e.pos end print(a[1], table.concat(s, " ")) end
--> merge	12 14 17 23 26 31 35
--> insertion	12 14 17 23 26 31 35
--> bubble	12 14 17 23 26 31 35
-- Counting sort, radix sort, topological sort.
local function counting(t, max) local c, out = {}, {}; for _, v in ipairs(t) do c[v] = (c[v] or 0) + 1 end for v = 0, max do for _ = 1, c[v] or 0 do out[#out + 1] = v end end return out end
print(table.concat(counting({5, 3, 0, 3, 9, 1}, 9), " ")) --> 0 1 3 3 5 9
local function radix(t) for shift = 0, 12, 4 do local buckets = {}; for b = 0, 15 do buckets[b] = {} end for _, v in ipairs(t) do local b = buckets[v >> shift & 15]; b[#b + 1] = v end local n = 0; for b = 0, 15 do for _, v in ipairs(buckets[b]) do n = n + 1; t[n] = v end end end return t end
print(table.concat(radix {40000, 12, 255, 256, 1, 65535, 0, 4096}, " ")) --> 0 1 12 255 256 4096 40000 65535
local function topological(deps)
  local names, out, state = {}, {}, {}
  for k in pairs(deps) do names[#names + 1] = k end
  table.sort(names)
  local function visit(n) if state[n] == 1 then error("cycle at " .. n, 0) end if state[n] then return end state[n] = 1; local d = deps[n] or {}; table.sort(d); for _, m in ipairs(d) do visit(m) end state[n] = 2; out[#out + 1] = n end
  for _, n in ipairs(names) do visit(n) end
  return out
end
print(table.concat(topological {app = {"lib", "log"}, lib = {"core"}, log = {"core", "io"}, core = {}, io = {}}, " "), pcall(topological, {a = {"b"}, b = {"a"}}))
--> core lib io log app	false	cycle at a
-- Binary search: first, last, insertion points; nth element; sort of mixed numbers.
local function lower(t, v) local lo, hi = 1, #t + 1; while lo < hi do local m = (lo + hi) // 2; if t[m] < v then lo = m + 1 else hi = m end end return lo end
local function upper(t, v) local lo, hi = 1, #t + 1; while lo < hi do local m = (lo + hi) // 2; if v < t[m] then hi = m else lo = m + 1 end end return lo end
local list = {1, 3, 3, 3, 5, 8, 8, 13}
print(lower(list, 3), upper(list, 3), lower(list, 0), upper(list, 99), lower(list, 4), upper(list, 8) - lower(list, 8))
--> 2	5	1	9	5	2
local mixed = {3, 2.5, -1, 1e10, 2^53, math.mininteger, -0.5, 3.0, math.huge, -math.huge}
table.sort(mixed)
for i, v in ipairs(mixed) do mixed[i] = tostring(v) end
print(mixed[1], mixed[2], mixed[3], mixed[4], mixed[5], mixed[8], mixed[9], mixed[10])
--> -inf	-9223372036854775808	-1	-0.5	2.5	10000000000.0	9.007199254741e+15	inf
