-- Reading floats: rounding, long digit strings, hexadecimal floats, subnormal numbers.
local function exact(text) return ("%.17g"):format(tonumber(text)) end
print(exact "0.1", exact "0.3", exact "1e23", exact "8.5e-1")
--> 0.10000000000000001	0.29999999999999999	9.9999999999999992e+22	0.84999999999999998
print(exact "9007199254740993.0", exact "9007199254740992.9999", exact "9007199254740995.0")
--> 9007199254740992	9007199254740992	9007199254740996
print(exact "1.7976931348623157e308", tonumber "1.7976931348623159e308", tonumber "1e309") --> 1.7976931348623157e+308	inf	inf
print(exact "4.9406564584124654e-324", exact "2.4703282292062328e-324", tonumber "2.4703282292062327e-324")
--> 4.9406564584124654e-324	4.9406564584124654e-324	0.0
print(exact "2.2250738585072014e-308", exact "2.2250738585072011e-308") --> 2.2250738585072014e-308	2.2250738585072009e-308
print(exact "123456789012345678901234567890", exact "0.000000000000000000000000000000123") --> 1.2345678901234568e+29	1.23e-31
print(exact "1.00000000000000011102230246251565404236316680908203125") --> 1
print(exact "1.00000000000000011102230246251565404236316680908203126") --> 1.0000000000000002
print(exact ("1" .. ("0"):rep(30) .. "e-30"), exact ("0." .. ("0"):rep(30) .. "1e31")) --> 1	1
print(exact "6.0221409e+23", exact "6.62607015e-34", exact "1e22", exact "1e-22", exact "3.141592653589793238462643")
--> 6.0221409000000001e+23	6.6260701499999998e-34	1e+22	1e-22	3.1415926535897931
print(exact "0x1p0", exact "0x1.999999999999ap-4", exact "0x1.fffffffffffffp1023", exact "0x0.0000000000001p-1022")
--> 1	0.10000000000000001	1.7976931348623157e+308	4.9406564584124654e-324
print(0x1p1024 == math.huge, 0x1p-1075, 0x.1p4, 0x1.p1, 0xA.8p0, -0x1p-2, 0x1P+1) --> true	0.0	1.0	2.0	10.5	-0.25	2.0
print(0x1.00000000000008p0 == 1, 0x1.0000000000001p0 > 1, 0x123456789abcdefp0, 0x1p63, 0x1p-1074 == 5e-324)
--> true	true	8.1985529216487e+16	9.2233720368548e+18	true
print(0xfffffffffffffffffp0, 0x10000000000000000p0, 0x0.00000000000000000001p80) --> 2.9514790517935e+20	1.844674407371e+19	1.0
print(1e1, 1E1, 1e+1, 1e-1, 1e0, 1e00, 1e0001, 0e99999, 1e-99999, 0x0p99999) --> 10.0	10.0	10.0	0.1	1.0	1.0	10.0	0.0	0.0	0.0
print(1.e1, .1e1, 001.5, 1.50, 100e-2, 0.0e-5, 5e0) --> 10.0	1.0	1.5	1.5	1.0	0.0	5.0
for _, text in ipairs {"1e", "1e-", "1.2.3", "1e1.5", "0x1p1.5", ".", "0x.p1", "1f", "1.5L", "0x1p", "1 e5", "e5"} do
  assert(tonumber(text) == nil, text)
end
-- Halves, and powers of two, are exact however they are written.
for n = -10, 10 do
  local x = 2.0 ^ n
  assert(tonumber(("%.20f"):format(x)) == x and tonumber(("%a"):format(x)) == x and tonumber(("%.17e"):format(x)) == x)
  assert(load(("return %.20f"):format(x))() == x)
end
-- Integers that a float cannot hold keep their kind through the source.
print(9007199254740993, 9007199254740993.0, 9007199254740993e0, 9223372036854775807, 9223372036854775807.0)
--> 9007199254740993	9.007199254741e+15	9.007199254741e+15	9223372036854775807	9.2233720368548e+18
print(math.type(1e2), math.type(100), math.type(0x64), math.type(0x64p0), math.type(1e0)) --> float	integer	integer	float	float
