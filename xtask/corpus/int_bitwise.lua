-- Bitwise operators: shifts, negative amounts, float operands, errors.
print(0xF0 & 0x3C, 0xF0 | 0x0F, 0xFF ~ 0x0F, ~0, ~-1, ~0xFF) --> 48	255	240	-1	0	-256
print(1 << 0, 1 << 1, 1 << 63, 1 << 64, 1 << 1000, 1 << -1, 1 << -64) --> 1	2	-9223372036854775808	0	0	0	0
print(-1 >> 1, -1 >> 63, -1 >> 64, -1 >> 0, -1 >> -1, -1 << 63) --> 9223372036854775807	1	0	-1	-2	-9223372036854775808
print(8 >> 3, 8 >> 4, 8 >> -2, 8 << -2, 8 << -4, 8 >> -61) --> 1	0	32	2	0	0
print(1 << math.mininteger, 1 >> math.mininteger, 1 << math.maxinteger, 1 >> math.maxinteger) --> 0	0	0	0
print(5.0 & 3, 5 | 2.0, 2^52 | 0, -0.0 | 0, 1e15 ~ 0, 2.0 << 1.0) --> 1	7	4503599627370496	0	1000000000000000	4
print(-2^63 | 0, math.type(3.0 | 0), 0xFFFFFFFFFFFFFFFF & 0xFF, ~0 >> 32) --> -9223372036854775808	integer	255	4294967295
print((0xDEADBEEF << 32 | 0xCAFEBABE) == 0xDEADBEEFCAFEBABE) --> true
local function err(f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok)
  return (message:gsub("^[^:]+:%d+: ", ""))
end
local function band(a, b) return a & b end
local function shl(a, b) return a << b end
local function bnot(a) return ~a end
print(err(band, 1.5, 1)) --> number (local 'a') has no integer representation
print(err(band, 1, 2^63)) --> number (local 'b') has no integer representation
print(err(band, 1, -2^64)) --> number (local 'b') has no integer representation
print(err(band, 1 / 0, 1), err(band, 0 / 0, 1))
--> number (local 'a') has no integer representation	number (local 'a') has no integer representation
print(err(band, {}, 1)) --> attempt to perform bitwise operation on a table value (local 'a')
print(err(band, 1, nil)) --> attempt to perform bitwise operation on a nil value (local 'b')
print(err(band, "a", 1)) --> attempt to perform bitwise operation on a string value (local 'a')
print(err(band, 1, "1.5")) --> attempt to perform bitwise operation on a string value (local 'b')
print(err(band, "1e100", 1)) --> attempt to perform bitwise operation on a string value (local 'a')
print(err(shl, 1, 0.5)) --> number (local 'b') has no integer representation
print(err(shl, true, 1)) --> attempt to perform bitwise operation on a boolean value (local 'a')
print(err(bnot, 1.5)) --> number (local 'a') has no integer representation
print(err(bnot, "x")) --> attempt to perform bitwise operation on a string value (local 'a')
print(err(bnot, {})) --> attempt to perform bitwise operation on a table value (local 'a')
print(err(band, 1.5, {})) --> attempt to perform bitwise operation on a table value (local 'b')
print(err(band, {}, 1.5)) --> attempt to perform bitwise operation on a table value (local 'a')
-- Strings are not converted by these operators, not even numeric ones.
print(err(function() return "3" | 4 end)) --> attempt to perform bitwise operation on a string value (constant '3')
print(err(function() return 1 << "4" end)) --> attempt to perform bitwise operation on a string value (constant '4')
print(err(bnot, "0"), err(band, "10", "x"))
--> attempt to perform bitwise operation on a string value (local 'a')	attempt to perform bitwise operation on a string value (local 'a')
local field = {x = 1.5, y = {}}
print(err(function() return field.x | 1 end)) --> number (field 'x') has no integer representation
print(err(function() return field.y | 1 end)) --> attempt to perform bitwise operation on a table value (field 'y')
print(err(function() return 1 ~ field.z end)) --> attempt to perform bitwise operation on a nil value (field 'z')
-- Rotation, population count, bit reversal.
local function rotl(x, n) return x << n | x >> 64 - n end
print(("%x"):format(rotl(0x123456789ABCDEF0, 8)), rotl(1, 63) == math.mininteger) --> 3456789abcdef012	true
local function popcount(x) local n = 0; while x ~= 0 do x = x & x - 1; n = n + 1 end return n end
print(popcount(-1), popcount(0xFF00FF), popcount(0), popcount(math.mininteger)) --> 64	16	0	1
local function reverse(x) local r = 0; for _ = 1, 64 do r = r << 1 | x & 1; x = x >> 1 end return r end
print(("%x"):format(reverse(0x1)), ("%x"):format(reverse(0xF0F0)), reverse(-1)) --> 8000000000000000	f0f000000000000	-1
-- Identities over many values.
for _, a in ipairs {0, 1, -1, 0x5555555555555555, math.maxinteger, math.mininteger, 12345} do
  for _, b in ipairs {0, 1, -1, 0x3333333333333333, math.mininteger, -98765} do
    assert((a & b) | (a ~ b) == (a | b) and ~(a & b) == (~a | ~b) and ~(a | b) == (~a & ~b))
    assert(a ~ b ~ b == a and a + b == (a ~ b) + 2 * (a & b) and ~a == -a - 1)
  end
end
