-- Loops at the edges of integers and floats, with limits that change, breaks, and modified variables.
local max, min = math.maxinteger, math.mininteger
local function run(a, b, c, limit) local out = {}; for i = a, b, c or 1 do out[#out + 1] = tostring(i); if #out >= (limit or 6) then break end end return #out .. "[" .. table.concat(out, " ") .. "]" end
print(run(max, max), run(min, min), run(max - 1, max), run(min, min + 1, 1), run(max, max, -1), run(min, min, -1))
--> 1[9223372036854775807]	1[-9223372036854775808]	2[9223372036854775806 9223372036854775807]	2[-9223372036854775808 -9223372036854775807]	1[9223372036854775807]	1[-9223372036854775808]
print(run(max, min, -max), run(min, max, max), run(max, max, max), run(min, min, min), run(max, min, min), run(-1, min, min))
--> 3[9223372036854775807 0 -9223372036854775807]	3[-9223372036854775808 -1 9223372036854775806]	1[9223372036854775807]	1[-9223372036854775808]	2[9223372036854775807 -1]	1[-1]
print(run(1, 0), run(0, 1, -1), run(max, min), run(min, max, -1), run(0, -0.0), run(-0.0, 0), run(0.0, -0.0))
--> 0[]	0[]	0[]	0[]	1[0]	1[-0.0]	1[0.0]
print(run(1, 2^63, 1, 2), run(-1, -2^63, -1, 2), run(1, -2^63), run(1, 2^100, 1 << 62), run(1, math.huge, 1, 1), run(1, -math.huge, -1, 1), run(1, 0 / 0))
--> 2[1 2]	2[-1 -2]	0[]	2[1 4611686018427387905]	1[1]	1[1]	0[]
print(run(max - 2, 2^63), run(max + 0.0, 2^63, 1, 2), run(min, -2^63), run(2^53, 2^53 + 4, 2), run(1, 3.99), run(-1, -3.99, -1), run(3, 1.01, -1))
--> 3[9223372036854775805 9223372036854775806 9223372036854775807]	2[9.2233720368548e+18 9.2233720368548e+18]	1[-9223372036854775808]	3[9.007199254741e+15 9.007199254741e+15 9.007199254741e+15]	3[1 2 3]	3[-1 -2 -3]	2[3 2]
print(run(0.1, 0.5, 0.1), run(1, 0, -0.25), run(0, 1, 1 / 3), run(1e300, 1e308, 4e307), run(1, 2, math.huge), run(1, -1, -math.huge))
--> 5[0.1 0.2 0.3 0.4 0.5]	5[1.0 0.75 0.5 0.25 0.0]	4[0.0 0.33333333333333 0.66666666666667 1.0]	3[1e+300 4.0000001e+307 8.0000001e+307]	1[1.0]	1[1.0]
-- Constants in the source and the same values in variables.
local c1, c2 = 0, 0
for i = 9223372036854775806, 9223372036854775807 do c1 = c1 + 1 end
for i = 0x7fffffffffffffff, 0x7fffffffffffffff do c1 = c1 + 1 end
for i = -9223372036854775807 - 1, -9223372036854775807 do c1 = c1 + 1 end
for i = 3, 1 do c2 = c2 + 1 end for i = 1, 3, -1 do c2 = c2 + 1 end for i = 1.5, 1 do c2 = c2 + 1 end
for i = 1, 3 do for j = i, 1, -1 do c2 = c2 + j end end
print(c1, c2) --> 5	10
-- The limit is read once; the variable is a copy; the body may change everything.
local limit, n = 3, 0
for i = 1, limit do limit = 100; n = n + 1; i = i * 50 end
print(n, limit) --> 3	100
local t = {1, 2, 3}
n = 0
for i = 1, #t do t[#t + 1] = i; n = n + 1 end
print(n, #t) --> 3	6
-- Integers become floats in an accumulator; the loop variable keeps its kind.
local kinds = {}
for i = 1, 3 do local v = i; v = v / 1; kinds[#kinds + 1] = math.type(i) .. math.type(v) .. math.type(i + 0.0) .. math.type(i // 1) end
print(table.concat(kinds, " ")) --> integerfloatfloatinteger integerfloatfloatinteger integerfloatfloatinteger
local s = 0
for i = 1, 5 do s = s + i; if i == 3 then s = s + 0.5 end end print(s) --> 15.5
local w = max - 1
for i = 1, 3 do w = w + 1 end print(w == min + 1) --> true
local p = 1
for i = 1, 70 do p = p * 2; if p == 0 then print("zero after", i) break end end --> zero after	64
-- while and repeat loops that count over the edge.
local i, turns = max - 1, 0
while i > 0 do i = i + 1; turns = turns + 1 end
print(i, turns) --> -9223372036854775808	2
i, turns = min + 1, 0
repeat i = i - 1; turns = turns + 1 until i > 0
print(i, turns) --> 9223372036854775807	2
-- Nested loops with break, goto and return inside of them.
local function search(m) for i = 1, #m do for j = 1, #m[i] do if m[i][j] == 0 then return i, j end if m[i][j] < 0 then goto next_row end end ::next_row:: end return nil end
print(search {{1, 2}, {-1, 0}, {3, 0}}); print(search {{1}})
--> 3	2
--> nil
-- Closures made in loops with non-constant steps, in reverse.
local fs = {}
for i = 10, 1, -4 do fs[#fs + 1] = function() i = i + 1; return i end end
print(#fs, fs[1](), fs[1](), fs[3]()) --> 3	11	12	3
-- Loops inside of coroutines keep their state.
local co = coroutine.wrap(function() for i = max - 1, max do for f = 0.5, 1.5 do coroutine.yield(i, f) end end return "end" end)
print(co()); print(co()); print(co()); print(co()); print(co())
--> 9223372036854775806	0.5
--> 9223372036854775806	1.5
--> 9223372036854775807	0.5
--> 9223372036854775807	1.5
--> end
-- A loop that is never entered does not evaluate its body; its limits are.
local log = {}
local function l(x) log[#log + 1] = x; return x end
for i = l(2), l(1), l(1) do l "body" end
print(table.concat(log, " ")) --> 2 1 1
for _, bad in ipairs {0, 0.0, -0.0} do print(pcall(run, 1, 2, bad) == false) end
--> true
--> true
--> true
