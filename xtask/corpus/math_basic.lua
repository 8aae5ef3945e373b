-- math library: rounding, conversion, extremes, arguments.
local function err(f, ...)
  local ok, message = pcall(f, ...)
  return ok and "ok" or (message:gsub("^[^:]+:%d+: ", ""))
end
print(math.floor(3.7), math.floor(-3.7), math.floor(5), math.floor(2^70), math.floor(-0.5), math.ceil(3.2), math.ceil(-3.7), math.ceil(-0.5), math.ceil(2^70))
--> 3	-4	5	1.1805916207174e+21	-1	4	-3	0	1.1805916207174e+21
print(math.floor(2^53 + 0.0), math.floor(-2^63), math.floor(2^63), math.ceil(9007199254740991.5), math.floor(math.huge), math.ceil(-math.huge))
--> 9007199254740992	-9223372036854775808	9.2233720368548e+18	9007199254740992	inf	-inf
print(math.abs(-5), math.abs(5), math.abs(-5.5), math.abs(-0.0), math.abs(math.mininteger), math.abs(-math.huge))
--> 5	5	5.5	0.0	-9223372036854775808	inf
print(math.max(1, 2.5), math.max(3, 3.0), math.max(3.0, 3), math.min(1, 1.0), math.min(2, -1, 5), math.max(-1), math.max("10" + 0, 9))
--> 2.5	3	3.0	1	-1	-1	10
print(math.max(1, 2, 3.5, 3), math.min(0.0, -0.0), math.max(math.maxinteger, 2^63), math.min(math.mininteger, -2^63))
--> 3.5	0.0	9.2233720368548e+18	-9223372036854775808
print(math.fmod(7, 3), math.fmod(-7, 3), math.fmod(7, -3), math.fmod(-7, -3), math.fmod(7.5, 2), math.fmod(-7.5, 2), math.fmod(7, math.huge), math.fmod(math.mininteger, -1))
--> 1	-1	1	-1	1.5	-1.5	7.0	0
print(math.modf(3.7), math.modf(-3.7), math.modf(5), math.modf(math.huge)) --> 3	-3	5	inf	0.0
print(math.modf(-math.huge), math.modf(-0.5), math.modf(2^53), (math.modf(1e300))) --> -inf	0	9007199254740992	1e+300
print(math.tointeger(3.0), math.tointeger(3.5), math.tointeger("8"), math.tointeger("8.0"), math.tointeger("x"), math.tointeger({}), math.tointeger(2^63), math.tointeger(-2^63), math.tointeger(2^53))
--> 3	nil	8	8	nil	nil	nil	-9223372036854775808	9007199254740992
print(math.type(1), math.type(1.0), math.type("1"), math.type(nil), math.type({}), math.type(math.pi), math.type(math.maxinteger))
--> integer	float	nil	nil	nil	float	integer
print(math.sqrt(16), math.sqrt(2), math.sqrt(-1) ~= math.sqrt(-1), math.exp(0), math.exp(1), math.log(1), math.log(8, 2), math.log(100, 10), math.log(27, 3), math.log(0), math.log(2, 0.5))
--> 4.0	1.4142135623731	true	1.0	2.718281828459	0.0	3.0	2.0	3.0	-inf	-1.0
print(math.sin(0), math.cos(0), math.tan(0), math.asin(1), math.acos(1), math.atan(1), math.atan(1, -1), math.atan(-1, -1), math.atan(0, -1), math.atan(-0.0, -1))
--> 0.0	1.0	0.0	1.5707963267949	0.0	0.78539816339745	2.3561944901923	-2.3561944901923	3.1415926535898	-3.1415926535898
print(math.pi, math.huge, -math.huge, math.maxinteger, math.mininteger, math.deg(math.pi), math.rad(180), math.deg(1), math.rad(90))
--> 3.1415926535898	inf	-inf	9223372036854775807	-9223372036854775808	180.0	3.1415926535898	57.295779513082	1.5707963267949
print(math.ult(1, 2), math.ult(-1, 2), math.ult(2, -1), math.ult(0, 0), math.ult(math.maxinteger, math.mininteger))
--> true	false	true	false	true
print(("%.10f %.10f %.10f"):format(math.sin(1), math.cos(1), math.tan(1)), ("%.10f %.10f"):format(math.exp(2.5), math.log(10)))
--> 0.8414709848 0.5403023059 1.5574077247	12.1824939607 2.3025850930
print(err(math.floor, "x"), err(math.floor), err(math.floor, {}), err(math.max), err(math.min), err(math.fmod, 1, 0), err(math.fmod, 1))
--> bad argument #1 to 'math.floor' (number expected, got string)	bad argument #1 to 'math.floor' (number expected, got no value)	bad argument #1 to 'math.floor' (number expected, got table)	bad argument #1 to 'math.max' (value expected)	bad argument #1 to 'math.min' (value expected)	bad argument #2 to 'math.fmod' (zero)	bad argument #2 to 'math.fmod' (number expected, got no value)
print(err(math.tointeger), err(math.type), err(math.ult, 1.5, 2), err(math.abs), err(math.sqrt, nil), err(math.log, "a"), err(math.max, 1, "x"))
--> bad argument #1 to 'math.tointeger' (value expected)	bad argument #1 to 'math.type' (value expected)	bad argument #1 to 'math.ult' (number has no integer representation)	bad argument #1 to 'math.abs' (number expected, got no value)	bad argument #1 to 'math.sqrt' (number expected, got nil)	bad argument #1 to 'math.log' (number expected, got string)	attempt to compare number with string
print(math.fmod(1, 0.0) ~= math.fmod(1, 0.0), math.fmod(5, 5), math.fmod(-6, 2), math.fmod(-6.0, 2), math.fmod(3, 1e300), math.fmod(1e300, 7))
--> true	0	0	-0.0	3.0	1.0
print(math.floor("3.7"), math.ceil("0x10"), math.abs("-3"), math.sqrt("9"), math.fmod("7", "4")) --> 3	16	3.0	3.0	3.0
print(math.pow, math.cosh, math.ldexp, math.log10, math.mod) --> nil	nil	nil	nil	nil
-- floor and ceil around every power of two.
for e = 0, 62 do
  local x = 2.0 ^ e
  assert(math.floor(x) == 1 << e and math.ceil(x) == 1 << e and math.type(math.floor(x)) == "integer")
  if e < 52 then assert(math.floor(x + 0.5) == 1 << e and math.ceil(x + 0.5) == (1 << e) + 1 and math.floor(-x - 0.5) == -(1 << e) - 1) end
end
