-- Numbers as text: tostring, %.14g, %a, %q and round trips.
print(3.0, -3.0, 1e15, 1e14, 123456789012.5, 0.1, 1/3, -1/3, 100.0, 1e2)
--> 3.0	-3.0	1e+15	1e+14	123456789012.5	0.1	0.33333333333333	-0.33333333333333	100.0	100.0
print(3.14159265358979, 2.5e-5, 1e-5, 0.0001, 1e300 * 10, 5e-324) --> 3.1415926535898	2.5e-05	1e-05	0.0001	1e+301	4.9406564584125e-324
print(tostring(1e15), tostring(-1e15), tostring(1e16), tostring(2^24), tostring(2^60))
--> 1e+15	-1e+15	1e+16	16777216.0	1.1529215046068e+18
print(math.huge, -math.huge, 0.0, -0.0, 1e0, 12345678901234567890) --> inf	-inf	0.0	-0.0	1.0	1.2345678901235e+19
print(99999999999999.0, 999999999999999.0, 0.1 + 0.7, 4.35 * 100, 1.1 + 2.2) --> 99999999999999.0	1e+15	0.8	435.0	3.3
print(string.format("%.14g|%.17g|%.3f|%5.1f|%-8.2f|%+.1e", 0.1, 0.1, 2 / 3, 3.14159, 2.5, 12345.678))
--> 0.1|0.10000000000000001|0.667|  3.1|2.50    |+1.2e+04
print(string.format("%g %g %g %g %g", 1e20, 0.1, 100000, 1000000, 1e-5)) --> 1e+20 0.1 100000 1e+06 1e-05
print(string.format("%G %E %.0f %.0e %#.0f", 1e-10, 12345.6789, 0.5, 15000, 3)) --> 1E-10 1.234568E+04 0 2e+04 3.
print(string.format("%a %a %a %a", 1, 0.5, -3.75, 0.1)) --> 0x1p+0 0x1p-1 -0x1.ep+1 0x1.999999999999ap-4
print(string.format("%A %.2a %.0a", 255, 1 / 3, 1.5)) --> 0X1.FEP+7 0x1.55p-2 0x2p+0
print(string.format("%10.3f|%-10.3f|%010.3f|% .3f|%+.3f", 3.14159, 3.14159, 3.14159, 3.14159, 3.14159))
-->      3.142|3.142     |000003.142| 3.142|+3.142
print(string.format("%5.0f|%.10g|%#x|%#o|%g", 2.5, 2^40, 255, 8, -0.0)) -->     2|1.099511628e+12|0xff|010|-0
print(string.format("%.20g %.99f", 0.1, 0):sub(1, 40)) --> 0.10000000000000000555 0.000000000000000
print(string.format("%f %e %g", math.huge, -math.huge, math.huge)) --> inf -inf inf
print(string.format("%q %q %q %q", 1, 0.5, 1e100, math.mininteger)) --> 1 0x1p-1 0x1.249ad2594c37dp+332 0x8000000000000000
print(string.format("%q %q %q", math.huge, -math.huge, -0.0)) --> 1e9999 -1e9999 -0x0p+0
print(string.format("%q", 0 / 0), string.format("%d %s", 3.0, 3.0), string.format("%i", -7)) --> (0/0)	3 3.0	-7
-- Text of a float always reads back as a float, and exactly with 17 digits.
local state = 12345
local function random()
  state = (state * 1103515245 + 12345) & 0x7fffffff
  return state
end
for i = 1, 60 do
  local x = (random() - random()) * 2.0 ^ (random() % 200 - 100)
  assert(tonumber(string.format("%.17g", x)) == x)
  assert(tonumber(string.format("%a", x)) == x)
  assert(load("return " .. string.format("%q", x))() == x)
  assert(math.type(tonumber(tostring(x))) == "float")
end
for e = -20, 20 do
  local x = 10.0 ^ e
  assert(math.type(load("return " .. tostring(x))()) == "float")
end
-- Integral floats print with a point only when no exponent is shown.
for _, x in ipairs {1e13, 1e14, 1e15, 1e16, 123456789012345.0, 12345678901234.0} do
  io.write(tostring(x), " ", tostring(-x), " ", x .. "", "\n")
  --> 10000000000000.0 -10000000000000.0 10000000000000.0
  --> 1e+14 -1e+14 1e+14
  --> 1e+15 -1e+15 1e+15
  --> 1e+16 -1e+16 1e+16
  --> 1.2345678901234e+14 -1.2345678901234e+14 1.2345678901234e+14
  --> 12345678901234.0 -12345678901234.0 12345678901234.0
end
