-- Strings used as numbers, numbers used as strings.
print("10" + 1, "10" * "2", "3" - 1.0, "0x10" + 0, "1e1" + 0, " 5 " + 1, "\t5\n" * 2) --> 11	20	2.0	16	10.0	6	10
print("10" / "2", "7" // "2", "7" % 4, "2" ^ "3", -"4", -"4.0", - "-0x2") --> 5.0	3	3	8.0	-4	-4.0	2
print(math.type("10" + 1), math.type("10.0" + 1), math.type("1e1" + 1), math.type(-"7"), math.type("2" // 1))
--> integer	float	float	integer	integer
print("9007199254740993" + 0, "9223372036854775807" + 1, "1e308" * 10) --> 9007199254740993	-9223372036854775808	inf
print(10 .. 20, 1.0 .. "", -0.0 .. "", 2^31 .. "|" .. 1e100) --> 1020	1.0	-0.0	2147483648.0|1e+100
print(("x"):rep("3"), ("abcdef"):sub("2", "4"), #(12345 .. ""), math.max("1" + 0, 2), string.len(12.5)) --> xxx	bcd	5	2	4
print(("%d %s %5.2f"):format("10", 20, "3.14159"), string.rep(7, 3), (string.upper(1e5))) --> 10 20  3.14	777	100000.0
print(table.concat({1, 2.5, "x", -0.0}, ","), string.byte(123, 1, -1)) --> 1,2.5,x,-0.0	49	50	51
-- Never in comparisons, nor as keys, nor in conditions of equality.
print("10" == 10, "1" == "1.0", ({["1"] = "string", [1] = "number"})[1], ({[1] = "number"})["1"]) --> false	false	number	nil
print(pcall(function() return "1" < 2 end) == false, "10" < "9", "0" and "zero is true") --> true	true	zero is true
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
local function add(a, b) return a + b end
local function neg(a) return -a end
print(err(add, "abc", 1)) --> attempt to add a 'string' with a 'number'
print(err(add, 1, "abc")) --> attempt to add a 'number' with a 'string'
print(err(add, "", 1)) --> attempt to add a 'string' with a 'number'
print(err(add, "1x", "2")) --> attempt to add a 'string' with a 'string'
print(err(add, {}, "2")) --> attempt to add a 'table' with a 'string'
print(err(add, "10", {})) --> attempt to add a 'string' with a 'table'
print(err(add, "abc", {})) --> attempt to add a 'string' with a 'table'
print(err(neg, "abc")) --> attempt to unm a 'string' with a 'string'
print(err(neg, {})) --> attempt to perform arithmetic on a table value (local 'a')
print(err(add, "0x", 1), err(add, "1e", 1), err(add, "1 2", 1))
--> attempt to add a 'string' with a 'number'	attempt to add a 'string' with a 'number'	attempt to add a 'string' with a 'number'
print(err(function() return "a" - 1 end), err(function() return 2 ^ "b" end))
--> attempt to sub a 'string' with a 'number'	attempt to pow a 'number' with a 'string'
-- Bitwise operators convert no strings.
print(err(function() return "3" | 1 end), err(function() return 1 ~ "0x10" end))
--> attempt to perform bitwise operation on a string value (constant '3')	attempt to perform bitwise operation on a string value (constant '0x10')
print(err(function(s) return ~s end, "1")) --> attempt to perform bitwise operation on a string value (local 's')
-- String arithmetic goes through the metatable of strings; a metamethod of the other side comes second.
local mt = getmetatable("")
print(type(mt.__add), type(mt.__unm), mt.__concat, mt.__lt, mt.__index == string) --> function	function	nil	nil	true
local V = setmetatable({}, {__add = function(a, b) return "V.__add" end, __unm = function() return "V.__unm" end})
print("10" + V, V + "10", "abc" + V, V + 1, -V) --> V.__add	V.__add	V.__add	V.__add	V.__unm
local saved = mt.__add
mt.__add = function(a, b) return "patched " .. type(a) .. type(b) end
print("1" + 2, 1 + "2", "a" + "b", 1 + 2, "a" + V)
--> patched stringnumber	patched numberstring	patched stringstring	3	patched stringtable
mt.__add = nil
print(err(add, "1", 2)) --> attempt to perform arithmetic on a string value (local 'a')
mt.__add = saved
print("1" + 2) --> 3
-- math functions take numeric strings too, but not others.
print(math.floor("3.7"), math.sqrt("16"), math.max("10" + 0, 9), math.tointeger("8"), math.type("8")) --> 3	4.0	10	8	nil
print(err(math.floor, "x"), err(math.sqrt, "1x"))
--> bad argument #1 to 'math.floor' (number expected, got string)	bad argument #1 to 'math.sqrt' (number expected, got string)
