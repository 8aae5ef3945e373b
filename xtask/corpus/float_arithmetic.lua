-- Float arithmetic: special values, signs of zero, powers, conversions.
local inf, nan = math.huge, 0 / 0
local function isnan(x) return x ~= x end
print(inf + 1, inf - 1 == inf, isnan(inf - inf), isnan(inf * 0), -inf, 1 / inf, -1 / inf) --> inf	true	true	true	-inf	0.0	-0.0
print(0.0 == -0.0, 1 / 0.0, 1 / -0.0, 0.0 + -0.0, -0.0 + -0.0, -0.0 - 0.0, 0 * -1.0) --> true	inf	-inf	0.0	-0.0	-0.0	-0.0
print(-0.0, 0.0, -(0.0), 0 - 0.0, -(0), 0 // -1.0) --> -0.0	0.0	-0.0	0.0	0	-0.0
print(2^10, 2^0.5, 2^-1, (-8)^(1/3) ~= (-8)^(1/3), 0^0, inf^0, 1^inf, (-2)^2, (-2)^3, 10^2)
--> 1024.0	1.4142135623731	0.5	true	1.0	1.0	1.0	4.0	-8.0	100.0
print(2^1023 * 2, 2^-1074, 2^-1075, -2^1024, 5e-324 / 2) --> inf	4.9406564584125e-324	0.0	-inf	0.0
print(0.1 + 0.2, 0.1 + 0.2 == 0.3, 1e16 + 1, 1e16 + 2, 3 * 0.1) --> 0.3	false	1e+16	1e+16	0.3
print(100 // 1e-320, 1e308 + 1e308, -1e308 * 10) --> inf	inf	-inf
print(5 // 0.3, 5.3 % 0.5 < 0.5, -5.3 % 0.5 < 0.5, 1e15 % 7, -1e15 % 7) --> 16.0	true	true	6.0	1.0
print(7.0, 7.25, -7.125, 1e14, 1e15, 123456789012345.0, 1234567890123456.0, 0.1, 1/3)
--> 7.0	7.25	-7.125	1e+14	1e+15	1.2345678901234e+14	1.2345678901235e+15	0.1	0.33333333333333
print(1e100, 1.5e-7, 123456.789e3, 5e-324, 1.7976931348623157e308, 2^53, 2^63, -2^63)
--> 1e+100	1.5e-07	123456789.0	4.9406564584125e-324	1.7976931348623e+308	9.007199254741e+15	9.2233720368548e+18	-9.2233720368548e+18
print(3 | 0, 3.0 | 0, math.tointeger(3.0), 3.0 == 3, 3.7 // 1, math.floor(3.7), -3.7 // 1) --> 3	3	3	true	3.0	3	-4.0
print(1e308 * 10 == inf, -1e308 * 10 == -inf, isnan(-(nan)), nan == nan, nan ~= nan) --> true	true	true	false	true
print(math.type(1 + 1.0), math.type(2^2), math.type(4 / 2), math.type(4 // 2), math.type(4 // 2.0), math.type(1e2))
--> float	float	float	integer	float	float
print(1 + 1.0, 10 - 10.0, 3 * 1.0, 7 // 2.0, 7 % 2.0, 2.0 ^ 2) --> 2.0	0.0	3.0	3.0	1.0	4.0
-- Rounding: sums that show double precision.
local sum = 0.0
for i = 1, 10 do sum = sum + 0.1 end
print(sum == 1, ("%.17g"):format(sum), ("%.20f"):format(0.1)) --> false	0.99999999999999989	0.10000000000000000555
local e, term = 1.0, 1.0
for n = 1, 20 do term = term / n; e = e + term end
print(("%.15f"):format(e), ("%.14g"):format(e)) --> 2.718281828459046	2.718281828459
local x = 2.0
for _ = 1, 6 do x = (x + 2 / x) / 2 end
print(x == math.sqrt(2), x) --> false	1.4142135623731
-- Constants folded in the source and computed at run time agree, signs of zero too.
local zero, one = 0.0, 1.0
print(1 / (0.0 * -1), 1 / (zero * -one), 1 / -zero, 1 / (-0.0), 1 / (0.0 // -1), 1 / (zero // -one)) --> -inf	-inf	-inf	-inf	-inf	-inf
print(isnan(0.0 / 0.0), isnan(zero / zero), 0.0 % 1, 2^53 + 1.0 == 2^53, 1e308 * one) --> true	true	0.0	true	1e+308
local t = {[0.0] = "zero", [-0.5] = "neg"}
print(t[0], t[-0.0], t[-0.5], t[0.5 - 1]) --> zero	zero	neg	neg
print(#{[1.0] = 1, [2.0] = 2}, ({10, 20, 30})[2.0], ({10, 20, 30})[2.5]) --> 2	20	nil
