-- Tables that shrink, rehash, and are emptied under cached slots, in loops over the same accesses.
local function get(t) return t.key end
local function set(t, v) t.key = v end
local t = {}
local results = {}
for round = 1, 4 do
  t.key = round
  results[#results + 1] = tostring(get(t))
  for i = 1, 40 do t["extra" .. i] = i end
  results[#results + 1] = tostring(get(t))
  for i = 1, 40 do t["extra" .. i] = nil end
  results[#results + 1] = tostring(get(t))
  t.key = nil
  results[#results + 1] = tostring(get(t))
  for i = 1, 10 do t["other" .. i] = i; t["other" .. i] = nil end
  set(t, "s" .. round)
  results[#results + 1] = tostring(get(t))
end
print(table.concat(results, " ")) --> 1 1 1 nil s1 2 2 2 nil s2 3 3 3 nil s3 4 4 4 nil s4
-- A slot of one key reused for another after deletion.
local function read(t, list) local s = {}; for i, k in ipairs(list) do s[i] = tostring(t[k]) end return table.concat(s, ",") end
local u = {a = 1, b = 2, c = 3, d = 4}
local function fixed() return tostring(u.a) .. tostring(u.b) .. tostring(u.c) .. tostring(u.d) .. tostring(u.e) end
local log = {fixed()}
u.a = nil; log[#log + 1] = fixed(); u.e = 5; log[#log + 1] = fixed(); u.b, u.c = nil, nil; collectgarbage(); log[#log + 1] = fixed()
u.f, u.g, u.h = 6, 7, 8; log[#log + 1] = fixed(); u.a = 1; log[#log + 1] = fixed(); for k in pairs(u) do u[k] = nil end; log[#log + 1] = fixed(); u.d = 4; log[#log + 1] = fixed()
print(table.concat(log, " ")) --> 1234nil nil234nil nil2345 nilnilnil45 nilnilnil45 1nilnil45 nilnilnilnilnil nilnilnil4nil
-- Arrays: growth to the hash part and back, sizes at one access site.
local function at(t, i) return t[i] end
local function put(t, i, v) t[i] = v end
local arr = {}
for i = 1, 70 do put(arr, i, i * i) end
local sum = 0
for i = 1, 70 do sum = sum + at(arr, i) end
for i = 70, 11, -1 do put(arr, i, nil) end
print(sum, at(arr, 10), at(arr, 11), at(arr, 70)) --> 116795	100	nil	nil
for i = 100, 120 do put(arr, i, i) end
print(at(arr, 100), at(arr, 99), at(arr, 120.0)) --> 100	nil	120
for i = 1, 10 do put(arr, i, nil) end
print(at(arr, 1), at(arr, 100), next(arr) ~= nil) --> nil	100	true
for i = 1, 120 do put(arr, i, -i) end
print(#arr, at(arr, 1), at(arr, 120)) --> 120	-1	-120
table.remove(arr); table.remove(arr, 1); print(#arr, arr[1], arr[118]) --> 118	-2	-119
-- The loop bound and the table change inside of the loop.
local list, seen = {1, 2, 3, 4, 5, 6, 7, 8}, {}
for i = 1, #list do if list[i] then seen[#seen + 1] = list[i] end if i == 3 then list = {10, 20, 30, 40, 50} elseif i == 5 then list[6] = 60 end end
print(table.concat(seen, " ")) --> 1 2 3 40 50 60
local i, stack = 1, {1, 2, 3}
while stack[i] do if stack[i] == 2 then stack[#stack + 1] = 99 end if i == 2 then stack[1] = nil end i = i + 1 end
print(i) --> 5
-- ipairs over a list that is cut and extended; pairs over one that is cleared and refilled.
seen = {}
local l = {1, 2, 3, 4, 5}
for k, v in ipairs(l) do seen[#seen + 1] = v; if k == 2 then l[4] = nil; l[5] = nil end if k == 3 then l[4] = "late" end end
print(table.concat(seen, " ")) --> 1 2 3 late
local m = {}
for k = 1, 20 do m[k] = k; m["k" .. k] = k end
local n = 0
for k, v in pairs(m) do n = n + 1; m[k] = nil end
print(n, next(m)) --> 40	nil
-- The same function on tables, then on a userdata, a string and nil.
local function any(o) return o.close end
print(any {close = 1}, any {close = 2}, any(io.stdout) ~= nil, any "str", pcall(any, nil) == false, any {close = 3})
--> 1	2	true	nil	true	3
