-- Comparisons between integers and floats at the extremes are exact.
local max, min = math.maxinteger, math.mininteger
local function row(a, b) print(a < b, a <= b, a > b, a >= b, a == b) end
row(max, 2^63) --> true	true	false	false	false
row(max, 2^63 - 1024) --> false	false	true	true	false
row(min, -2^63) --> false	true	false	true	true
row(min, -2^63 - 2048) --> false	false	true	true	false
row(max - 1, max + 0.0) --> true	true	false	false	false
row(2^53 | 0, 2^53) --> false	true	false	true	true
row((2^53 | 0) + 1, 2^53) --> false	false	true	true	false
row(2^53, (2^53 | 0) + 1) --> true	true	false	false	false
row(-(2^53 | 0) - 1, -2^53) --> true	true	false	false	false
row(1, 1.5) --> true	true	false	false	false
row(-1, -1.5) --> false	false	true	true	false
row(2, 1.9999999999999998) --> false	false	true	true	false
row(0, -0.0) --> false	true	false	true	true
row(0, 5e-324) --> true	true	false	false	false
row(0, -5e-324) --> false	false	true	true	false
row(max, math.huge) --> true	true	false	false	false
row(min, -math.huge) --> false	false	true	true	false
row(5, 0 / 0) --> false	false	false	false	false
row(0 / 0, min) --> false	false	false	false	false
-- The same, against constants in the code.
local i, f = 7, 7.5
print(i < 7.5, i > 7.5, i <= 7.0, i >= 7.0, i == 7.0, 7 < f, 7 > f, 7.5 == f, 8 <= f, 8 > f)
--> true	false	true	true	true	true	false	true	false	true
print(f < 8, f > 7, f <= 7, f >= 8, i < 8, i > 6, i <= 7, i >= 8, 6 < i, 8 > i)
--> true	true	false	false	true	true	true	false	true	true
print(max < 9223372036854775808.0, max + 0.0 > max, min > -1e19, max < 1e19, 1e19 > max) --> true	true	true	true	true
-- Order is total for any mix without NaN: sort a shuffled list.
local list = {2^63, max, max - 1, 2^53, (2^53 | 0) + 1, 1, 1.5, 0, -0.5, min, -2^63 * 2, math.huge, -math.huge, 2^62, 3}
table.sort(list)
for k = 2, #list do assert(list[k - 1] <= list[k] and not (list[k] < list[k - 1])) end
print(list[1], list[2], list[3], list[#list], list[#list - 1], list[#list - 2])
--> -inf	-1.844674407371e+19	-9223372036854775808	inf	9.2233720368548e+18	9223372036854775807
-- Keys: floats with integral values are the integers.
local t = {}
t[1.0], t[2^53], t[-0.0], t[1.5] = "one", "big", "zero", "half"
print(t[1], t[2^53 | 0], t[0], t[1.5], t[3 / 2], next({[3.0] = 1})) --> one	big	zero	half	half	3	1
t[2^63] = "beyond"
print(t[2^63], t[min], math.type(next({[2^63] = 1}))) --> beyond	nil	float
-- Float to integer conversion in operations that want integers.
local function err(fn, ...) return (select(2, pcall(fn, ...)):gsub("^[^:]+:%d+: ", "")) end
print(("x"):rep(3.0), string.char(65.0), ("abc"):sub(2.0), select(2.0, "a", "b")) --> xxx	A	bc	b
print(err(string.rep, "x", 1.5)) --> bad argument #2 to 'string.rep' (number has no integer representation)
print(err(string.char, 2^63)) --> bad argument #1 to 'string.char' (number has no integer representation)
print(err(string.sub, "x", 0 / 0)) --> bad argument #2 to 'string.sub' (number has no integer representation)
print(err(select, 1.5)) --> bad argument #1 to 'select' (number has no integer representation)
print(err(string.rep, "x", "1.5")) --> bad argument #2 to 'string.rep' (number has no integer representation)
print(err(math.abs, "x")) --> bad argument #1 to 'math.abs' (number expected, got string)
