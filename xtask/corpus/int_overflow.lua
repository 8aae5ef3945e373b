-- Wrap-around arithmetic on 64-bit integers.
local max, min = math.maxinteger, math.mininteger
print(max + 1 == min, min - 1 == max, max * 2, min * 2, -min == min) --> true	true	-2	0	true
print(max * max, min * min, max * min, min * -1 == min) --> 1	0	-9223372036854775808	true
print(max + max, min + min, max - min, min - max) --> -2	0	-1	1
print(math.abs(min) == min, math.abs(max), -max == min + 1) --> true	9223372036854775807	true
print(max + 1.0 == 2^63, max + 0.0, min + 0.0 == -2^63) --> true	9.2233720368548e+18	true
print(max // 1 | 0, max + 0.0 == max, min + 0.0 == min) --> 9223372036854775807	false	true
print(1 << 62, 1 << 63 == min, 1 << 64, (1 << 63) - 1 == max) --> 4611686018427387904	true	0	true
local f = 1
for i = 1, 25 do f = f * i end
print(f) --> 7034535277573963776
local a, b = 0, 1
for i = 1, 100 do a, b = b, a + b end
print(a, b) --> 3736710778780434371	1298777728820984005
-- Linear congruences rely on it.
local x = 1
for i = 1, 10 do x = x * 6364136223846793005 + 1442695040888963407 end
print(x, x >> 33) --> 3660572683296592931	426146746
local h = 0xcbf29ce484222325
for c in ("hash me"):gmatch "." do h = (h ~ c:byte()) * 0x100000001b3 end
print(("%016x"):format(h)) --> 1ad66d8708e9833d
-- Literals at the edge.
print(9223372036854775807, -9223372036854775807 - 1, -9223372036854775808)
--> 9223372036854775807	-9223372036854775808	-9.2233720368548e+18
print(math.type(9223372036854775808), math.type(-9223372036854775808), math.type(0x8000000000000000)) --> float	float	integer
print(0x7fffffffffffffff + 1 == 0x8000000000000000) --> true
print(max .. "", min .. "", tostring(max):len()) --> 9223372036854775807	-9223372036854775808	19
print(tonumber("9223372036854775807"), tonumber("9223372036854775808"), tonumber("-9223372036854775808"))
--> 9223372036854775807	9.2233720368548e+18	-9223372036854775808
print("9223372036854775807" + 1, "9223372036854775808" + 0, "-9223372036854775809" + 0)
--> -9223372036854775808	9.2233720368548e+18	-9.2233720368548e+18
-- Comparisons do not wrap.
print(max < max + 0.0, max <= 2^63, max < 2^63, min <= -2^63, min < -2^63, max + 1 < max) --> true	true	true	true	false	true
print(max == 2^63, max + 0.0 == 2^63, (2^53 | 0) + 1 == 2^53 + 1) --> false	true	false
local t = {[max] = "max", [min] = "min"}
print(t[max], t[min], t[max + 1], t[-2^63], t[2^63]) --> max	min	min	min	nil
-- Unsigned views.
print(math.ult(max, min), math.ult(-1, 0), math.ult(1, -1)) --> true	false	true
print(("%u"):rep(0) .. ("%x"):format(-1), ("%d"):format(min), ("%X"):format(min))
--> ffffffffffffffff	-9223372036854775808	8000000000000000
local function udiv(n, d)
  if d < 0 then return math.ult(n, d) and 0 or 1 end
  local q = ((n >> 1) // d) << 1
  if not math.ult(n - q * d, d) then q = q + 1 end
  return q
end
print(udiv(-1, 10), udiv(-1, 3), udiv(min, 2), udiv(-1, -1), udiv(5, -1))
--> 1844674407370955161	6148914691236517205	4611686018427387904	1	0
