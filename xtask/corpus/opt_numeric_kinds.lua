-- Arithmetic sites that see integers, then floats, strings, objects; folded constants; overflow in loops.
local function add(a, b) return a + b end
local function sub1(a) return a - 1 end
local function mul2(a) return 2 * a end
local function half(a) return a / 2 end
local function idiv(a, b) return a // b end
local function mod(a, b) return a % b end
local function neg(a) return -a end
local function lt10(a) return a < 10 end
local function eq1(a) return a == 1 end
local function band7(a) return a & 7 end
local function shl(a, n) return a << n end
local values = {1, 1.0, 9, 9.5, 10, "10", math.maxinteger, math.mininteger, 2^53, -0.0, 1e308, "0x10", "1e1", " 3 "}
local function show(v) return (tostring(v):gsub("^.*:%d+: ", "")) end
for _, v in ipairs(values) do
  local row = {}
  for _, f in ipairs {function(x) return add(x, 1) end, sub1, mul2, half, function(x) return idiv(x, 3) end, function(x) return mod(x, 3) end, neg, function(x) return pcall(lt10, x) and lt10(x) end, eq1, function(x) return select(2, pcall(band7, x)) end} do row[#row + 1] = show(f(v)) end
  io.write(table.concat(row, " "):gsub("attempt to perform bitwise operation on a string value %(local 'a'%)", "E"):gsub("number %(local 'a'%) has no integer representation", "N") .. "", "\n")
  --> 2 0 2 0.5 0 1 -1 true true 1
  --> 2.0 0.0 2.0 0.5 0.0 1.0 -1.0 true true 1
  --> 10 8 18 4.5 3 0 -9 true false 1
  --> 10.5 8.5 19.0 4.75 3.0 0.5 -9.5 true false N
  --> 11 9 20 5.0 3 1 -10 false false 2
  --> 11 9 20 5.0 3 1 -10 false false E
  --> -9223372036854775808 9223372036854775806 -2 4.6116860184274e+18 3074457345618258602 1 -9223372036854775807 false false 7
  --> -9223372036854775807 9223372036854775807 0 -4.6116860184274e+18 -3074457345618258603 1 -9223372036854775808 true false 0
  --> 9.007199254741e+15 9.007199254741e+15 1.8014398509482e+16 4.5035996273705e+15 3.0023997515803e+15 2.0 -9.007199254741e+15 false false 0
  --> 1.0 -1.0 -0.0 -0.0 -0.0 -0.0 0.0 true false 0
  --> 1e+308 1e+308 inf 5e+307 3.3333333333333e+307 2.0 -1e+308 false false N
  --> 17 15 32 8.0 5 1 -16 false false E
  --> 11.0 9.0 20.0 5.0 3.0 1.0 -10.0 false false E
  --> 4 2 6 1.5 1 0 -3 false false E
end
-- Integer sums that become floats in the middle, and back by integer division.
local acc, kinds = 0, {}
for i = 1, 8 do if i == 4 then acc = acc + 0.0 elseif i == 6 then acc = acc // 1 | 0 else acc = acc + i end kinds[i] = math.type(acc):sub(1, 1) .. acc end
print(table.concat(kinds, " ")) --> i1 i3 i6 f6.0 f11.0 i11 i18 i26
-- Wrap around in loops, by addition, multiplication, negation, shifts.
local x = math.maxinteger - 2
for _ = 1, 4 do x = x + 1 end
local y, steps = 1, 0
while y > 0 do y = y * 3; steps = steps + 1 end
local z = 1
for _ = 1, 65 do z = z << 1 | z >> 63 end
print(x == math.mininteger + 1, steps, y, z, -math.mininteger == math.mininteger, math.mininteger // -1 == math.mininteger, math.mininteger % -1)
--> true	40	-6289078614652622815	2	true	true	0
-- Comparisons of loop-carried kinds.
local c = 0
local k = 0
while k < 3 do k = k + 0.5; c = c + 1 end
local m = 5
while m > 0 do m = m - 1.5; c = c + 1 end
print(c, k, m, k == 3, m <= -1) --> 10	3.0	-1.0	true	true
-- Constants on the left and right, large and small immediate operands, at the edges of an instruction's field.
local v = 100
print(v + 127, v + 128, v - 128, v - 129, 127 - v, v + 255, v + 256, v + 32767, v + 32768, v + 65536, v - 65537, v * -1, v // -7, v % -7, v ^ 2)
--> 227	228	-28	-29	27	355	356	32867	32868	65636	-65437	-100	-15	-5	10000.0
print(v < 127, v < 128, v > -128, v > -129, v == 100, v == 100.0, v ~= 101, 127 > v, 255 >= v, v <= 99.5, v >= 100.5, v == 1e2, v < 1e300, v > -1e300)
--> true	true	true	true	true	true	true	true	true	false	false	true	true	true
print(v & 127, v & 128, v | 256, v ~ 65535, v << 1, v >> 1, 1 << v, 2 << 3, v << -2, v >> -2, v & -1, ~v)
--> 100	0	356	65435	200	50	0	16	25	400	100	-101
local f = 2.5
print(f + 1, 1 + f, f - 1, 1 - f, f * 2, 2 / f, f // 1, f % 1, f ^ 2, 2 ^ f > 5.6, f < 3, f > 2, f == 2.5, f >= 2, 3 > f, f ~= 2, -f)
--> 3.5	3.5	1.5	-1.5	5.0	0.8	2.0	0.5	6.25	true	true	true	true	true	true	true	-2.5
-- Division and modulo by constants and by variables agree for all signs.
for a = -20, 20 do assert(a // 7 == idiv(a, 7) and a % 7 == mod(a, 7) and a // -7 == idiv(a, -7) and a % -7 == mod(a, -7) and a // 7.0 == idiv(a, 7.0) and a % 7.0 == mod(a, 7.0) and a / 4 == half(half(a)) and a // 1 == a and a % 1 == 0) end
-- Errors for the same sites, then normal again.
local function err(fn, ...) return show(select(2, pcall(fn, ...))) end
print(err(add, nil, 1), err(idiv, 1, 0), err(mod, 1, 0), err(lt10, "9"), err(band7, 1.5), err(shl, 1, {}), err(neg, {}), err(mul2, "x"))
--> attempt to perform arithmetic on a nil value (local 'a')	attempt to divide by zero	attempt to perform 'n%0'	attempt to compare string with number	number (local 'a') has no integer representation	attempt to perform bitwise operation on a table value (local 'n')	attempt to perform arithmetic on a table value (local 'a')	attempt to mul a 'number' with a 'string'
print(add(1, 2), idiv(7, 2), mod(7, 2), lt10(9), band7(15), shl(1, 4), neg(3), mul2(21), idiv(1, 0.0), mod(5.5, 0.0) ~= mod(5.5, 0.0))
--> 3	3	1	true	7	16	-3	42	inf	true
-- Numeric strings in loops and a metatable for strings in the middle.
local total = 0
for _, str in ipairs {"1", "2", "3.5", "0x10"} do total = total + str end
print(total, "10" + 1, "3" * "4", -"2", "7" // 2, 10 .. 20) --> 22.5	11	12	-2	3	1020
