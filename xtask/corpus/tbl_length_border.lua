-- The length operator and borders: arrays that grow, shrink and have holes only where it is defined.
local t = {}
for i = 1, 100 do t[i] = i; assert(#t == i) end
for i = 100, 1, -1 do t[i] = nil; assert(#t == i - 1) end
print(#t, next(t)) --> 0	nil
for i = 10, 1, -1 do t[i] = i end
print(#t) --> 10
t = {n = 1, [0] = "zero", [-1] = "minus"}
print(#t); t[1] = 1; print(#t); t[2.0] = 2; print(#t); t[2^53] = 1; print(#t)
--> 0
--> 1
--> 2
--> 2
-- Any border is allowed with holes: check the definition only.
local function isborder(t, n) return (n == 0 or t[n] ~= nil) and t[n + 1] == nil end
for _, holes in ipairs {{1, nil, 3}, {nil, nil, 3}, {nil, 2}, {1, 2, nil, 4, nil, 6}, {n = 1, nil, nil, nil}, {[1] = 1, [2] = 2, [4] = 4}, {[1000] = 1}} do
  assert(isborder(holes, #holes))
end
local sparse = {}
for i = 1, 64 do sparse[i] = true end
for i = 2, 64, 2 do sparse[i] = nil; assert(isborder(sparse, #sparse)) end
for i = 1, 64, 3 do sparse[i] = nil; assert(isborder(sparse, #sparse)) end
for i = 1, 64 do sparse[i] = nil end
print(#sparse, next(sparse)) --> 0	nil
-- Pushing with #t + 1 and popping with t[#t] = nil.
local stack, seen = {}, 0
for round = 1, 20 do
  for i = 1, round do stack[#stack + 1] = i end
  for i = 1, round // 2 do seen = seen + stack[#stack]; stack[#stack] = nil end
end
print(#stack, seen) --> 110	1100
while #stack > 0 do stack[#stack] = nil end
print(#stack, next(stack)) --> 0	nil
-- #  with __len, rawlen without.
local mt = {__len = function(v) return "length of " .. type(v) end}
local obj = setmetatable({1, 2}, mt)
print(#obj, rawlen(obj), #"abc", rawlen("abcd")) --> length of table	2	3	4
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
print(err(rawlen, 5), err(rawlen), err(function() local n = 5; return #n end), err(function() return #print end), err(function() return #undefinedlist end))
--> bad argument #1 to 'rawlen' (table or string expected, got number)	bad argument #1 to 'rawlen' (table or string expected, got no value)	attempt to get length of a number value (local 'n')	attempt to get length of a function value (global 'print')	attempt to get length of a nil value (global 'undefinedlist')
-- Fields cleared while traversed, and refilled after.
local set = {}
for i = 1, 50 do set["k" .. i] = i; set[i] = i end
local n = 0
for k in pairs(set) do set[k] = nil; n = n + 1 end
print(n, next(set), #set) --> 100	nil	0
for i = 1, 50 do set[i] = i end
for i, v in pairs(set) do assert(i == v); set[i] = v + 1 end
print(#set, set[1], set[50]) --> 50	2	51
-- Descending, negative, float keys that are integral.
local d = {}
for i = 40, -40, -1 do d[i + 0.0] = i end
local count, sum = 0, 0
for k, v in pairs(d) do assert(math.type(k) == "integer" and k == v); count = count + 1; sum = sum + k end
print(count, sum, #d) --> 81	0	40
