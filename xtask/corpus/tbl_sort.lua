-- table.sort: orders, comparison functions, errors in them, invalid order functions.
local function err(f, ...)
  local ok, message = pcall(f, ...)
  return ok and "ok" or (message:gsub("^[^:]+:%d+: ", ""))
end
local function s(t) local o = {}; for i, v in ipairs(t) do o[i] = tostring(v) end return table.concat(o, " ") end
local function sorted(t, f) table.sort(t, f); return s(t) end
print(sorted {3, 1, 2}, sorted {}, sorted {1}, sorted {2, 1}, sorted {1, 2}, sorted {5, 4, 3, 2, 1}) --> 1 2 3		1	1 2	1 2	1 2 3 4 5
print(sorted {"b", "a", "C", "", "aa", "B"}, sorted {2.5, 1, -3, 1e10, -0.5, 2}, sorted({3, 1, 2}, function(a, b) return a > b end))
-->  B C a aa b	-3 -0.5 1 2 2.5 10000000000.0	3 2 1
print(sorted({"bb", "a", "ccc"}, function(a, b) return #a > #b end), sorted {1, 1, 1, 1}, sorted {2, 1, 2, 1, 2, 1}, select("#", table.sort({})))
--> ccc bb a	1 1 1 1	1 1 1 2 2 2	0
local state = 7
local function random(n) state = (state * 1103515245 + 12345) & 0x7fffffff; return state % n end
for _, n in ipairs {2, 3, 4, 5, 10, 50, 101, 150} do
  for _, range in ipairs {2, 10, 1000000} do
    local t, counts = {}, {}
    for i = 1, n do t[i] = random(range); counts[t[i]] = (counts[t[i]] or 0) + 1 end
    table.sort(t)
    for i = 2, n do assert(t[i - 1] <= t[i]) end
    for i = 1, n do counts[t[i]] = counts[t[i]] - 1 end
    for _, c in pairs(counts) do assert(c == 0) end
    table.sort(t, function(a, b) return b < a end)
    for i = 2, n do assert(t[i - 1] >= t[i]) end
  end
end
print "permutations kept" --> permutations kept
local people = {{"ann", 30}, {"bob", 25}, {"cid", 30}, {"dan", 25}}
table.sort(people, function(a, b) if a[2] ~= b[2] then return a[2] < b[2] end return a[1] > b[1] end)
for i = 1, #people do people[i] = people[i][1] end
print(s(people)) --> dan bob cid ann
print(err(table.sort, {1, "x", 2}), err(table.sort, {{}, {}}), err(table.sort, {1, nil, 3}) ~= "ok"); print(err(table.sort, {true, false}))
--> attempt to compare string with number	attempt to compare two table values	true
--> attempt to compare two boolean values
print(err(table.sort, {1, 2}, 5), err(table.sort, {1, 2}, {}), err(table.sort), err(table.sort, 5), err(table.sort, {1}, "x"), err(table.sort, {}, nil))
--> bad argument #2 to 'table.sort' (function expected, got number)	bad argument #2 to 'table.sort' (function expected, got table)	bad argument #1 to 'table.sort' (table expected, got no value)	bad argument #1 to 'table.sort' (table expected, got number)	ok	ok
print(err(table.sort, {3, 2, 1}, function() error("from the comparison", 0) end), err(table.sort, {3, 2, 1, 5}, function(a, b) return a.x < b end))
--> from the comparison	attempt to index a number value (local 'a')
print(err(table.sort, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, function() return true end)) --> invalid order function for sorting
local obj = setmetatable({}, {__lt = function(a, b) return a.v < b.v end})
local mt = getmetatable(obj)
local list = {}
for i = 1, 6 do list[i] = setmetatable({v = i * 5 % 7}, mt) end
table.sort(list)
for i = 1, 6 do list[i] = list[i].v end
print(s(list)) --> 1 2 3 4 5 6
-- Length and elements come from metamethods.
local store = {4, 2, 9, 1}
local proxy = setmetatable({}, {__len = function() return 4 end, __index = function(_, k) return store[k] end, __newindex = function(_, k, v) store[k] = v end})
table.sort(proxy)
print(s(store), rawlen(proxy)) --> 1 2 4 9	0
print(err(table.sort, setmetatable({}, {__len = function() return math.maxinteger end})), err(table.sort, setmetatable({}, {__len = function() return -5 end})))
--> bad argument #1 to 'table.sort' (array too big)	ok
-- Yielding from a comparison is not possible; catching an error around it is.
local co = coroutine.wrap(function() return pcall(table.sort, {2, 1, 3}, function(a, b) coroutine.yield() return a < b end) end)
print(co()) --> false	attempt to yield across a C-call boundary
local depth = 0
local function nested(a, b) depth = depth + 1; if depth < 20 then table.sort({b, a}, nested) end return a < b end
print(sorted({3, 1, 2}, nested), depth > 10) --> 1 2 3	true
