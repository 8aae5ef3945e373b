-- Integer division and modulo: signs, extremes, mixed kinds, division by zero.
for _, pair in ipairs {{7, 3}, {-7, 3}, {7, -3}, {-7, -3}, {6, 3}, {-6, 3}, {0, 5}, {0, -5}, {1, 7}, {-1, 7}} do
  local a, b = pair[1], pair[2]
  assert(a // b * b + a % b == a)
  io.write(a, " ", b, ": ", a // b, " ", a % b, " ", (a + 0.0) // b, " ", a % (b + 0.0), "\n")
  --> 7 3: 2 1 2 1
  --> -7 3: -3 2 -3 2
  --> 7 -3: -3 -2 -3 -2
  --> -7 -3: 2 -1 2 -1
  --> 6 3: 2 0 2 0
  --> -6 3: -2 0 -2 -0
  --> 0 5: 0 0 0 0
  --> 0 -5: 0 0 -0 0
  --> 1 7: 0 1 0 1
  --> -1 7: -1 6 -1 6
end
print(math.mininteger // -1 == math.mininteger, math.mininteger % -1) --> true	0
print(math.maxinteger // -1, math.maxinteger % -1, math.mininteger // 1) --> -9223372036854775807	0	-9223372036854775808
print(math.mininteger // math.maxinteger, math.mininteger % math.maxinteger) --> -2	9223372036854775806
print(math.maxinteger // math.mininteger, math.maxinteger % math.mininteger) --> -1	-1
print(math.mininteger // 2, math.mininteger % 2, math.mininteger % -2, math.mininteger // -2)
--> -4611686018427387904	0	0	4611686018427387904
print(5 // 0.0, -5 // 0.0, 0 // 0.0 ~= 0 // 0.0, 5 % math.huge, -5 % math.huge, 5 % -math.huge, -5 % -math.huge)
--> inf	-inf	true	5.0	inf	-inf	-5.0
print(5.5 // 2, -5.5 // 2, 5.5 % 2, -5.5 % 2, 5.5 % -2, -5.5 % -2) --> 2.0	-3.0	1.5	0.5	-0.5	-1.5
print(1e308 // 1e-308, 3 % 1e308, -3 % 1e308 == 1e308) --> inf	3.0	true
print(-0.0 // 1, 0.0 % -1, -0.0 % 5, 6.0 % 3, -6.0 % 3, 6.0 % -3) --> -0.0	0.0	-0.0	0.0	-0.0	0.0
print(1 / 2, 4 / 2, -1 / 3 * 3, 0 / 5, 1 // 1, 1.0 // 1) --> 0.5	2.0	-1.0	0.0	1	1.0
print((2^53 | 0) // 1, 2^53 // 1, (2^53 + 2) % 3, ((2^53 | 0) + 3) % 4) --> 9007199254740992	9.007199254741e+15	1.0	3
local function err(f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok)
  return (message:gsub("^[^:]+:%d+: ", ""))
end
local zero = 0
print(err(function() return 1 // zero end)) --> attempt to divide by zero
print(err(function() return 1 % zero end)) --> attempt to perform 'n%0'
print(err(function() return math.mininteger // zero end)) --> attempt to divide by zero
print(err(function() return zero % zero end)) --> attempt to perform 'n%0'
print(err(function() return 1 // 0 end)) --> attempt to divide by zero
print(err(function() return 5 % 0 end)) --> attempt to perform 'n%0'
print(err(function() return "5" % 0 end), err(function() return "5" // "0" end))
--> attempt to perform 'n%0'	attempt to divide by zero
print(err(load "return 3 // 0"), err(load "local x = 3; return x % 0")) --> attempt to divide by zero	attempt to perform 'n%0'
print(1 // "2", "7" // 2, "7.0" % 4, "0x10" // 3, "-7" % "3") --> 0	3	3.0	5	2
-- Constants folded or not give the same.
local seven, three = 7, 3
assert(7 // 3 == seven // three and -7 // 3 == -seven // three and 7 // -3 == seven // -three)
assert(7 % 3 == seven % three and -7 % 3 == -seven % three and 7 % -3 == seven % -three)
assert(7 // 3.0 == seven // 3.0 and -7 % 3.0 == -seven % 3.0)
-- A table of all signs against the definition by floor.
for a = -9, 9 do
  for b = -4, 4 do
    if b ~= 0 then
      assert(a // b == math.floor(a / b))
      assert(a % b == a - math.floor(a / b) * b)
      assert(math.type(a // b) == "integer" and math.type(a % (b + 0.0)) == "float")
      assert(a % (b + 0.0) == a % b)
    end
  end
end
