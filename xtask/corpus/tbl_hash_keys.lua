-- Table keys of every kind: floats, integers, strings short and long, booleans, functions, tables.
local t = {}
local key_table, key_function, key_thread = {}, function() end, coroutine.create(print)
t[key_table], t[key_function], t[key_thread], t[true], t[false], t[io.stdout] = 1, 2, 3, 4, 5, 6
print(t[key_table], t[key_function], t[key_thread], t[true], t[false], t[io.stdout], t[{}], t[print]) --> 1	2	3	4	5	6	nil	nil
t = {[1] = "i", [1.5] = "f", ["1"] = "s", [-0.0] = "zero", [2^63] = "2^63", [1e300] = "big", [math.huge] = "inf", [-math.huge] = "-inf"}
print(t[1.0], t[1.5], t["1"], t[0], t[2^63], t[1e300], t[math.huge], t[-math.huge], t[math.maxinteger])
--> i	f	s	zero	2^63	big	inf	-inf	nil
local short, long = ("s"):rep(40), ("l"):rep(41)
t = {[short] = 1, [long] = 2, [long .. "x"] = 3, [""] = 4, ["a\0b"] = 5, ["a\0c"] = 6, ["a"] = 7}
print(t[("s"):rep(20) .. ("s"):rep(20)], t[("l"):rep(20) .. ("l"):rep(21)], t[("l"):rep(41) .. "x"], t[""], t["a\0b"], t["a\0c"], t.a, t["a\0"])
--> 1	2	3	4	5	6	7	nil
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
print(err(function() t[nil] = 1 end), err(function() t[0 / 0] = 1 end), err(rawset, t, nil, 1), err(rawset, t, 0 / 0, 1), t[nil], t[0 / 0], rawget(t, nil))
--> table index is nil	table index is NaN	table index is nil	table index is NaN	nil	nil	nil
t[nil or "x"] = 1
print(pcall(function() t[nil] = nil end), pcall(rawset, {}, 1)) --> false	false	bad argument #3 to 'rawset' (value expected)
-- Many keys; deletions; reinsertions.
local many, n = {}, 400
for i = 1, n do many[i * 0.5] = i; many["k" .. i] = i; many[-i] = i end
local bad = 0
for i = 1, n do if many[i * 0.5] ~= i or many["k" .. i] ~= i or many[-i] ~= i then bad = bad + 1 end end
for i = 1, n, 2 do many[i * 0.5] = nil; many["k" .. i] = nil; many[-i] = nil end
for i = 1, n do
  local want = i % 2 == 0 and i or nil
  if many[i * 0.5] ~= want or many["k" .. i] ~= want or many[-i] ~= want then bad = bad + 1 end
end
for i = 1, n, 2 do many["k" .. i] = -i end
local count = 0
for k, v in pairs(many) do count = count + 1; assert(many[k] == v) end
print(bad, count) --> 0	800
-- Integers that collide modulo powers of two, and floats that do.
local collide = {}
for i = 0, 60 do collide[1 << i] = i; if i < 52 then collide[(1 << i) + 0.5] = -i end end
for i = 0, 60 do assert(collide[1 << i] == i); assert(i >= 52 or collide[(1 << i) + 0.5] == -i) end
local c = 0
for _ in pairs(collide) do c = c + 1 end
print(c) --> 113
-- rawequal, rawget, rawset ignore metamethods.
local mt = {__index = function() return "index" end, __newindex = function() error "newindex" end, __eq = function() return true end}
local a, b = setmetatable({}, mt), setmetatable({}, mt)
print(a.x, rawget(a, "x"), rawset(a, "x", 1) == a, a.x, a == b, rawequal(a, b), rawequal(a, a), rawequal("x", "x"), rawequal(1, 1.0), rawequal(0 / 0, 0 / 0))
--> index	nil	true	1	true	false	true	true	true	false
print(err(rawget, 5, 1), err(rawset, {}), err(rawset, "x", 1, 2), err(rawequal, 1), err(rawget), err(rawequal))
--> bad argument #1 to 'rawget' (table expected, got number)	bad argument #2 to 'rawset' (value expected)	bad argument #1 to 'rawset' (table expected, got string)	bad argument #2 to 'rawequal' (value expected)	bad argument #1 to 'rawget' (table expected, got no value)	bad argument #1 to 'rawequal' (value expected)
-- Keys that are looked up while a constructor builds them from one another.
local chain = {}
for i = 1, 50 do chain = {[chain] = i, prev = chain} end
local depth = 0
while chain.prev do assert(type(chain[chain.prev]) == "number"); chain = chain.prev; depth = depth + 1 end
print(depth) --> 50
