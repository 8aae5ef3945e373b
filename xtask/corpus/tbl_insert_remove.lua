-- table.insert and table.remove: positions, edges, metamethods, errors.
local function err(f, ...)
  local ok, message = pcall(f, ...)
  return ok and "ok" or (message:gsub("^[^:]+:%d+: ", ""))
end
local function s(t) return "{" .. table.concat(t, ",") .. "}" .. #t end
local t = {}
table.insert(t, "a"); table.insert(t, "b"); table.insert(t, 1, "first"); table.insert(t, 2, "second"); table.insert(t, 5, "last")
print(s(t), select("#", table.insert(t, "x"))) --> {first,second,a,b,last}5	0
print(table.remove(t), table.remove(t, 1), table.remove(t, 2), s(t)) --> x	first	a	{second,b,last}3
print(table.remove(t, 4), table.remove(t, 3), s(t), select("#", table.remove({})), table.remove({}), table.remove({}, 0), table.remove({}, nil))
--> nil	last	{second,b}2	1	nil	nil	nil
local e = {[0] = "zero"}
print(table.remove(e, 0), e[0], table.remove({n = 1}, 1), #e) --> zero	nil	nil	0
local q = {1, 2, 3}
print(table.remove(q, #q + 1), s(q), table.remove(q, 1), table.remove(q, 1), table.remove(q, 1), table.remove(q, 1), s(q))
--> nil	{1,2,3}3	1	2	3	nil	{}0
print(err(table.insert, {}, 2, "x"), err(table.insert, {1, 2}, 0, "x"), err(table.insert, {1, 2}, 4, "x"), err(table.insert, {1, 2}, -1, "x"))
--> bad argument #2 to 'table.insert' (position out of bounds)	bad argument #2 to 'table.insert' (position out of bounds)	bad argument #2 to 'table.insert' (position out of bounds)	bad argument #2 to 'table.insert' (position out of bounds)
print(err(table.insert, {}), err(table.insert, {}, 1, 2, 3), err(table.insert, nil, 1), err(table.insert, {}, "x", 1), err(table.insert, {}, 1.5, 1))
--> wrong number of arguments to 'insert'	wrong number of arguments to 'insert'	bad argument #1 to 'table.insert' (table expected, got nil)	bad argument #2 to 'table.insert' (number expected, got string)	bad argument #2 to 'table.insert' (number has no integer representation)
print(err(table.insert), err(table.remove, {1, 2}, 5), err(table.remove, {1, 2}, -1), err(table.remove), err(table.remove, {}, "a"))
--> bad argument #1 to 'table.insert' (table expected, got no value)	bad argument #2 to 'table.remove' (position out of bounds)	bad argument #2 to 'table.remove' (position out of bounds)	bad argument #1 to 'table.remove' (table expected, got no value)	bad argument #2 to 'table.remove' (number expected, got string)
print(err(table.remove, {1, 2, 3}, 7), err(table.remove, {}, 2), err(table.insert, "str", 1), err(table.insert, {}, 1, nil, nil))
--> bad argument #2 to 'table.remove' (position out of bounds)	bad argument #2 to 'table.remove' (position out of bounds)	bad argument #1 to 'table.insert' (table expected, got string)	wrong number of arguments to 'insert'
table.insert(q, nil)
print(#q, s(q)); table.insert(q, 1, "one"); print(s(q)); table.insert(q, "2", "two"); print(s(q)); table.insert(q, 3.0, "three"); print(s(q))
--> 0	{}0
--> {one}1
--> {one,two}2
--> {one,two,three}3
-- They respect __index, __newindex and __len.
local log, store = {}, {"a", "b", "c"}
local proxy = setmetatable({}, {
  __len = function() log[#log + 1] = "#"; return #store end,
  __index = function(_, k) log[#log + 1] = "r" .. k; return store[k] end,
  __newindex = function(_, k, v) log[#log + 1] = "w" .. k; store[k] = v end})
table.insert(proxy, "d"); print(table.concat(log, " "), s(store)); log = {} --> # w4	{a,b,c,d}4
table.insert(proxy, 2, "x"); print(table.concat(log, " "), s(store)); log = {} --> # r4 w5 r3 w4 r2 w3 w2	{a,x,b,c,d}5
print(table.remove(proxy), table.concat(log, " "), s(store)); log = {} --> d	# r5 w5	{a,x,b,c}4
print(table.remove(proxy, 1), table.concat(log, " "), s(store)) --> a	# r1 r2 w1 r3 w2 r4 w3 w4	{x,b,c}3
print(err(table.insert, setmetatable({}, {__len = function() return "x" end}), 1), err(table.insert, setmetatable({}, {__len = function() return 1.5 end}), 1))
--> object length is not an integer	object length is not an integer
print(err(table.insert, setmetatable({}, {__len = function() return math.maxinteger end}), 1, "x")) --> ok
-- As stack and as queue, a few hundred times.
local stack, queue = {}, {}
for i = 1, 200 do table.insert(stack, i); table.insert(queue, 1, i) end
local sum = 0
for i = 200, 1, -1 do assert(table.remove(stack) == i); sum = sum + table.remove(queue, 1) * (i % 3) end
print(sum, #stack, #queue, next(stack), next(queue)) --> 20234	0	0	nil	nil
