-- Bit manipulation on 64-bit integers: powers of two, counting, interleaving, parity, fields, Gray, popcount variants.
local function bin(n, w) local s = ""; for i = (w or 8) - 1, 0, -1 do s = s .. (n >> i & 1) end return s end
print(bin(5), bin(-1), bin(0xA5), bin(1 << 7), bin(6 & -6), bin(6 & 5), bin(~6 & 255))
--> 00000101	11111111	10100101	10000000	00000010	00000100	11111001
local function is_pow2(n) return n > 0 and n & n - 1 == 0 end
local function next_pow2(n) n = n - 1; for _, k in ipairs {1, 2, 4, 8, 16, 32} do n = n | n >> k end return n + 1 end
local function log2(n) local r = 0; while n > 1 do n = n >> 1; r = r + 1 end return r end
print(is_pow2(64), is_pow2(65), is_pow2(0), is_pow2(1 << 62), next_pow2(100), next_pow2(128), next_pow2((1 << 40) + 1) == 1 << 41, log2(1 << 50), log2(1023))
--> true	false	false	true	128	128	true	50	9
-- Three ways to count bits agree.
local function pop1(n) local c = 0; while n ~= 0 do n = n & n - 1; c = c + 1 end return c end
local function pop2(n) n = n - (n >> 1 & 0x5555555555555555); n = (n & 0x3333333333333333) + (n >> 2 & 0x3333333333333333); n = n + (n >> 4) & 0x0F0F0F0F0F0F0F0F; return n * 0x0101010101010101 >> 56 end
local function pop3(n) local c = 0; for i = 0, 63 do c = c + (n >> i & 1) end return c end
local x = 0x9E3779B97F4A7C15
for _ = 1, 40 do x = x ~ x << 13; x = x ~ x >> 7; x = x ~ x << 17; assert(pop1(x) == pop2(x) and pop2(x) == pop3(x)) end
print(pop2(-1), pop2(0), pop2(math.mininteger), pop2(0xFF00FF)) --> 64	0	1	16
-- Leading and trailing zeros, highest bit, sign, absolute value and minimum without branches.
local function ctz(n) if n == 0 then return 64 end local c = 0; while n & 1 == 0 do n = n >> 1; c = c + 1 end return c end
local function clz(n) if n == 0 then return 64 end local c = 0; while n >= 0 do n = n << 1; c = c + 1 end return c end
local function sign(n) return (n >> 63 ~= 0 and -1 or 0) | (n ~= 0 and 1 or 0) end
local function asr(n, k) return n >= 0 and n >> k or ~(~n >> k) end
local function abs(n) local m = asr(n, 63); return (n ~ m) - m end
print(ctz(8), ctz(0), ctz(math.mininteger), clz(1), clz(-1), clz(0), clz(1 << 40), sign(5), sign(-5), sign(0), asr(-8, 1), asr(-1, 63), asr(8, 2), abs(-7), abs(7), abs(math.mininteger) == math.mininteger)
--> 3	64	63	63	0	64	23	1	-1	0	-4	-1	2	7	7	true
-- Fields packed into a word, and taken out.
local layout = {{"day", 5}, {"month", 4}, {"year", 12}, {"flag", 1}}
local function pack(t) local w, at = 0, 0; for _, f in ipairs(layout) do w = w | (t[f[1]] & (1 << f[2]) - 1) << at; at = at + f[2] end return w end
local function unpack_fields(w) local t = {}; for _, f in ipairs(layout) do t[f[1]] = w & (1 << f[2]) - 1; w = w >> f[2] end return t end
local w = pack {day = 29, month = 2, year = 2024, flag = 1}
local t = unpack_fields(w)
print(w, t.day, t.month, t.year, t.flag, pack {day = 33, month = 0, year = 0, flag = 0}) --> 3133533	29	2	2024	1	1
-- Morton codes, bit reversal, byte swap, rotation, parity, Gray codes.
local function spread(n) n = (n | n << 8) & 0x00FF00FF; n = (n | n << 4) & 0x0F0F0F0F; n = (n | n << 2) & 0x33333333; return (n | n << 1) & 0x55555555 end
local function morton(a, b) return spread(a) | spread(b) << 1 end
local function bswap(n) local r = 0; for _ = 1, 8 do r = r << 8 | n & 255; n = n >> 8 end return r end
local function rot(n, k) k = k & 63; return n << k | n >> 64 - k end
local function parity(n) for _, k in ipairs {32, 16, 8, 4, 2, 1} do n = n ~ n >> k end return n & 1 end
local function gray(n) return n ~ n >> 1 end
local function ungray(g) for _, k in ipairs {32, 16, 8, 4, 2, 1} do g = g ~ g >> k end return g end
print(morton(3, 5), morton(0xFFFF, 0), ("%x"):format(bswap(0x0102030405060708)), ("%x"):format(rot(0xF, 60)), ("%x"):format(rot(1, -1)), parity(7), parity(-1), gray(10), ungray(gray(123456789)))
--> 39	1431655765	807060504030201	f000000000000000	8000000000000000	1	0	15	123456789
for n = 0, 63 do local d = gray(n) ~ gray(n + 1); assert(d & d - 1 == 0 and ungray(gray(n)) == n and rot(rot(n, 13), 51) == n and bswap(bswap(n * 0x123456789)) == n * 0x123456789) end
-- Swap without a temporary, average without overflow, multiplication by shifts, division by constants, modular inverse.
local a, b = 12, 34
a = a ~ b; b = a ~ b; a = a ~ b
local function average(p, q) return (p & q) + asr(p ~ q, 1) end
local function inverse(n) local r = n; for _ = 1, 5 do r = r * (2 - n * r) end return r end
print(a, b, average(math.maxinteger, math.maxinteger - 2) == math.maxinteger - 1, average(7, 2), average(-3, -4), inverse(3) * 3, inverse(0x9E3779B97F4A7C15) * 0x9E3779B97F4A7C15, 100 // 7 == 100 * 9363 >> 16)
--> 34	12	true	4	-4	1	1	true
-- Subsets of a set as bit masks; the next mask with as many bits; a bitset in a table.
local subsets, mask = {}, 0x2C
local s = mask
repeat subsets[#subsets + 1] = s; s = s - 1 & mask until s == mask
local function next_same(n) local c = n & -n; local r = n + c; return (r ~ n) // c >> 2 | r end
local m, seq = 7, {}
for i = 1, 6 do seq[i] = m; m = next_same(m) end
print(#subsets, subsets[1], subsets[#subsets], table.concat(seq, " ")) --> 8	44	0	7 11 13 14 19 21
local Bits = {}
local function set(n) Bits[n >> 6] = (Bits[n >> 6] or 0) | 1 << (n & 63) end
local function test(n) return (Bits[n >> 6] or 0) >> (n & 63) & 1 == 1 end
for n = 0, 500, 7 do set(n) end
local count = 0
for n = 0, 500 do if test(n) then count = count + 1; assert(n % 7 == 0) end end
print(count, test(63), test(64), test(1000000), Bits[0] < 0) --> 72	true	false	false	true
