-- table.concat, table.pack, table.unpack, select: ranges, holes, errors, extremes.
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
print(table.concat({}), table.concat({}, ","), table.concat({1}), table.concat({1, 2.5, "x"}, ", "), table.concat({"a", "b", "c"}, "", 2), "|")
--> 		1	1, 2.5, x	bc	|
print(table.concat({"a", "b", "c"}, "-", 2, 3), table.concat({"a", "b"}, "-", 3), table.concat({"a"}, "-", 1, 1), table.concat({[5] = "five"}, "-", 5, 5), "|")
--> b-c		a	five	|
print(table.concat({1, 2, 3}, 0), table.concat({1, 2, 3}, 1.5), table.concat({"", "", ""}, ","), table.concat({1, 2, 3}, nil), table.concat({1, 2}, ",", nil, 1))
--> 10203	11.521.53	,,	123	1
print(table.concat({[math.maxinteger] = "max"}, ",", math.maxinteger, math.maxinteger), table.concat({[math.mininteger] = "min"}, ",", math.mininteger, math.mininteger))
--> max	min
print(table.concat({[-1] = "a", [0] = "b", "c"}, "", -1), table.concat({1, 2, 3}, ", ", 2.0, 3.0), table.concat({}, "x", math.maxinteger, math.mininteger) == "")
--> abc	2, 3	true
print(table.concat({-0.0, 1e100, 2^53, math.mininteger}, " ")) --> -0.0 1e+100 9.007199254741e+15 -9223372036854775808
print(err(table.concat, {1, {}, 3}), err(table.concat, {1, nil, 3}), err(table.concat, {true}), err(table.concat, {1, 2}, ",", 1, 3))
--> invalid value (table) at index 2 in table for 'concat'	invalid value (nil) at index 2 in table for 'concat'	invalid value (boolean) at index 1 in table for 'concat'	invalid value (nil) at index 3 in table for 'concat'
print(err(table.concat), err(table.concat, 1), err(table.concat, {}, {}), err(table.concat, {}, "", "x"), err(table.concat, {1, print}, " ", 2))
--> bad argument #1 to 'table.concat' (table expected, got no value)	bad argument #1 to 'table.concat' (table expected, got number)	bad argument #2 to 'table.concat' (string expected, got table)	bad argument #3 to 'table.concat' (number expected, got string)	invalid value (function) at index 2 in table for 'concat'
print(table.concat(setmetatable({}, {__index = function(_, i) return i * 10 end, __len = function() return 3 end}), " ")) --> 10 20 30
print(table.unpack({1, 2, 3})) --> 1	2	3
print(table.unpack({1, 2, 3}, 2), table.unpack({1, 2, 3}, 2, 3)) --> 2	2	3
print(table.unpack({1, nil, 3}, 1, 3)) --> 1	nil	3
print(select("#", table.unpack({}, 1, 0)), select("#", table.unpack({}, 1, 3)), select("#", table.unpack({}, 5, 4)), select("#", table.unpack({}, math.maxinteger, math.maxinteger)))
--> 0	3	0	1
print(table.unpack({1, 2}, -1, 1)) --> nil	nil	1
print(table.unpack({[math.mininteger] = "m"}, math.mininteger, math.mininteger), select("#", table.unpack({}, math.mininteger, math.mininteger + 1)))
--> m	2
print(table.unpack("abc", 1, 2), pcall(table.unpack, setmetatable({}, {__index = function(_, k) return k end, __len = function() return 2 end})))
--> nil	true	1	2
print(err(table.unpack, {}, 1, 1e7), err(table.unpack, {}, math.mininteger, math.maxinteger), err(table.unpack, {}, 0, math.maxinteger), err(table.unpack))
--> too many results to unpack	too many results to unpack	too many results to unpack	attempt to get length of a nil value
print(err(table.unpack, {}, "a"), err(table.unpack, {}, 1, {}), err(table.unpack, nil), err(table.unpack, 5, 1, 1), err(table.unpack, {}, 1.5))
--> bad argument #2 to 'table.unpack' (number expected, got string)	bad argument #3 to 'table.unpack' (number expected, got table)	attempt to get length of a nil value	attempt to index a number value	bad argument #2 to 'table.unpack' (number has no integer representation)
local p = table.pack()
print(p.n, #p); p = table.pack(nil, nil); print(p.n, p[1]); p = table.pack(1, nil, 3); print(p.n, p[3], select("#", table.unpack(p, 1, p.n)))
--> 0	0
--> 2	nil
--> 3	3	3
print(select("#"), select("#", nil), select(2, "a", "b", "c")) --> 0	1	b	c
print(select(-1, "a", "b", "c"), select(-3, "a", "b", "c")) --> c	a	b	c
print(select("#", select(4, "a", "b", "c")), select("2", "a", "b"), select(1)) --> 0	b
print(err(select, 0), err(select, -1), err(select, -4, 1, 2, 3), err(select), err(select, "x"), err(select, {}))
--> bad argument #1 to 'select' (index out of range)	bad argument #1 to 'select' (index out of range)	bad argument #1 to 'select' (index out of range)	bad argument #1 to 'select' (number expected, got no value)	bad argument #1 to 'select' (number expected, got string)	bad argument #1 to 'select' (number expected, got table)
local function sum(...) local t = 0; for i = 1, select("#", ...) do t = t + (select(i, ...)) end return t end
print(sum(), sum(1), sum(1, 2, 3, 4.5), sum(table.unpack({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}))) --> 0	1	10.5	55
local many = {}
for i = 1, 240 do many[i] = i end
print(select("#", table.unpack(many)), sum(table.unpack(many)), (select(240, table.unpack(many))), math.max(table.unpack(many)), #string.char(table.unpack(many)))
--> 240	28920	240	240	240
