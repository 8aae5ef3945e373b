-- Sizes: string results that are too large, table operations with extreme indices, format widths.
local function err(f, ...)
  local ok, message = pcall(f, ...)
  return ok and "ok" or (message:gsub("^[^:]+:%d+: ", ""))
end
print(err(string.rep, "x", math.maxinteger)); print(err(string.rep, "ab", 1 << 62)); print(err(string.rep, "x", 1 << 40, ("y"):rep(1 << 23))); print(#string.rep("", 1000), #string.rep("x", math.mininteger))
--> resulting string too large
--> resulting string too large
--> resulting string too large
--> 0	0
print(err(string.rep, "abc", (1 << 63) // 3)); print(err(table.concat, setmetatable({}, {__len = function() return 1 << 62 end}))); print(err(table.unpack, {}, 1, 1 << 31)); print(err(table.unpack, {}, 1, 1e8)); print(err(select, math.mininteger))
--> ok
--> invalid value (nil) at index 1 in table for 'concat'
--> too many results to unpack
--> too many results to unpack
--> bad argument #1 to 'select' (index out of range)
print(err(string.format, "%1000d", 1)); print(err(string.format, "%.1000f", 1)); print(#string.format("%99.99f", 1)); print(err(string.pack, "i17", 1), err(string.packsize, ("i16"):rep(1 << 4) .. "c2147483647" .. "c2147483647"))
--> invalid conversion specification: '%1000d'
--> invalid conversion specification: '%.1000f'
--> 101
--> integral size (17) out of limits [1,16]	invalid format option '7'
print(err(string.char, table.unpack({}, 1, 3))); print(err(utf8.char, 1 << 31)); print(err(table.insert, {}, math.maxinteger, 1)); print(err(table.move, {}, 1, math.maxinteger, 2)); print(err(table.concat, {}, "", 1, 3))
--> bad argument #1 to 'string.char' (number expected, got nil)
--> bad argument #1 to 'utf8.char' (value out of range)
--> bad argument #2 to 'table.insert' (position out of bounds)
--> bad argument #4 to 'table.move' (destination wrap around)
--> invalid value (nil) at index 1 in table for 'concat'
local t = {}
t[math.maxinteger] = "max"; t[math.mininteger] = "min"; t[2^53] = "float"
print(#t == 0 or #t == math.maxinteger, t[math.maxinteger], t[math.mininteger], t[1 << 53]); t[math.maxinteger] = nil
--> true	max	min	float
for i = math.maxinteger - 3, math.maxinteger do t[i] = i end
local n = 0
for k, v in pairs(t) do n = n + 1 end
print(n, t[math.maxinteger - 3] == math.maxinteger - 3) --> 6	true
print(next({[math.maxinteger] = 1}), next({[math.mininteger] = 1}), ipairs({})({}, math.maxinteger), rawlen({[math.maxinteger] = 1}) >= 0)
--> 9223372036854775807	-9223372036854775808	nil	true
print(("x"):sub(math.mininteger, math.maxinteger), ("x"):byte(math.maxinteger), ("x"):find("x", math.maxinteger), ("x"):find("", 2), ("xyz"):sub(math.maxinteger, math.mininteger) == "", ("x"):rep(3, ""):len())
--> x	nil	nil	2	true	3
print(tostring(math.mininteger):rep(2), math.tointeger("9223372036854775808"), tonumber("0x" .. ("f"):rep(16)), ("%d"):format(math.mininteger), ("%5.3s|"):format("abcdef"))
--> -9223372036854775808-9223372036854775808	nil	-1	-9223372036854775808	  abc|
-- Concatenation and comparison of long strings; keys of any length.
local long = ("abc"):rep(5000)
local other = ("abc"):rep(4999) .. "abd"
print(long < other, long == ("abc"):rep(5000), #(long .. other), long:sub(-3), other:find("abd", 1, true), ({[long] = "by long key"})[("abc"):rep(5000)])
--> true	true	30000	abc	14998	by long key
local keys = {}
for len = 38, 43 do keys[("k"):rep(len)] = len end
for len = 38, 43 do assert(keys[("k"):rep(len - 1) .. "k"] == len) end
print(select("#", ("x"):rep(200):byte(1, -1)), err(string.byte, ("x"):rep(1100000), 1, -1))
--> 200	stack overflow (string slice too long)
-- Numeric loops over huge ranges stop at once when asked.
for i = 1, math.maxinteger do if i == 5 then print(i) break end end --> 5
for i = math.mininteger, math.maxinteger, math.maxinteger do io.write(i, "\n") end
--> -9223372036854775808
--> -1
--> 9223372036854775806
for i = 1.0, math.huge do if i == 3 then print(i) break end end --> 3.0
local c = 0
for i = math.maxinteger - 1, math.huge do c = c + 1 end
print(c) --> 2
