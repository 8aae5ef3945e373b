-- tonumber: all accepted forms, bases, and refused text.
local function show(...)
  local v = tonumber(...)
  return v == nil and "nil" or math.type(v):sub(1, 1) .. tostring(v)
end
local function row(...)
  local out = {}
  for k = 1, select("#", ...) do out[k] = show((select(k, ...))) end
  print(table.concat(out, " "))
end
row("10", "-10", "+10", "0x10", "-0x10", "+0x1p4", "1e2", "1E+2", ".5", "5.", "-.5e-1")
--> i10 i-10 i10 i16 i-16 f16.0 f100.0 f100.0 f0.5 f5.0 f-0.05
row("  12  ", "\t\n\v\f\r12\n", "1 2", "", " ", "-", "+", ".", "e1", "0x", "0xg", "1e", "1e+")
--> i12 i12 nil nil nil nil nil nil nil nil nil nil nil
row("--1", "- 1", "+-1", "1_000", "1,5", "12a", "0b11", "1..2", "0x1.8", "0x.8p0", "0xA.p1", "0x1p-2", "0x1p")
--> nil nil nil nil nil nil nil nil f1.5 f0.5 f20.0 f0.25 nil
row("inf", "nan", "infinity", "Inf", "NaN", "-inf", "1e400", "-1e400", "1e-400") --> nil nil nil nil nil nil finf f-inf f0.0
row("9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809")
--> i9223372036854775807 f9.2233720368548e+18 i-9223372036854775808 f-9.2233720368548e+18
row("0xffffffffffffffff", "0x1ffffffffffffffff", "0x7fffffffffffffff", "-0xffffffffffffffff") --> i-1 i-1 i9223372036854775807 i1
row("00000000000000000000000000000000012", "1\0", "\0001", "1e1\0", "0x1P+3", "1E1", "0X1f") --> i12 nil nil nil f8.0 f10.0 i31
print(tonumber(12), tonumber(1.5), tonumber(nil), tonumber(true), tonumber({}), tonumber(print)) --> 12	1.5	nil	nil	nil	nil
print(tonumber("10", 2), tonumber("zz", 36), tonumber("ZZ", 36), tonumber("-ff", 16), tonumber("7", 8), tonumber("8", 8))
--> 2	1295	1295	-255	7	nil
print(tonumber("  101  ", 2), tonumber("1 1", 2), tonumber("", 10), tonumber("-", 10), tonumber("1.0", 10), tonumber("1e1", 10))
--> 5	nil	nil	nil	nil	nil
print(tonumber("1e1", 16), tonumber("0x10", 16), tonumber("- 1", 10), tonumber("--1", 10), tonumber("+1", 10)) --> 481	nil	nil	nil	1
print(tonumber("ffffffffffffffff", 16), tonumber("7fffffffffffffff", 16), tonumber("10000000000000000", 16))
--> -1	9223372036854775807	0
print(tonumber("-7fffffffffffffff", 16), tonumber("9223372036854775808", 10), tonumber("1" .. ("0"):rep(64), 2))
--> -9223372036854775807	-9223372036854775808	0
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
print(err(tonumber)) --> bad argument #1 to 'tonumber' (value expected)
print(err(tonumber, 10, 10)) --> bad argument #1 to 'tonumber' (string expected, got number)
print(err(tonumber, "10", 1)) --> bad argument #2 to 'tonumber' (base out of range)
print(err(tonumber, "10", 37)) --> bad argument #2 to 'tonumber' (base out of range)
print(err(tonumber, "10", 1.5)) --> bad argument #2 to 'tonumber' (number has no integer representation)
print(err(tonumber, nil, 10)) --> bad argument #1 to 'tonumber' (string expected, got nil)
print(err(tonumber, {}, 10)) --> bad argument #1 to 'tonumber' (string expected, got table)
print(err(tonumber, "10", "x")) --> bad argument #2 to 'tonumber' (number expected, got string)
-- Every integer survives its text, in any base.
local function digits(n, base)
  local s, map = "", "0123456789abcdefghijklmnopqrstuvwxyz"
  repeat
    local d = n % base
    s, n = map:sub(d + 1, d + 1) .. s, n // base
  until n == 0
  return s
end
for base = 2, 36, 5 do
  for _, n in ipairs {0, 1, base - 1, base, 123456789, math.maxinteger} do
    assert(tonumber(digits(n, base), base) == n)
    assert(tonumber("-" .. digits(n, base):upper(), base) == -n)
  end
end
for _, n in ipairs {math.maxinteger, math.mininteger, 0, -1, 1 << 53} do
  assert(tonumber(tostring(n)) == n and math.type(tonumber(tostring(n))) == "integer")
end
-- Very long text is a number too, up to a limit of none.
print(tonumber(("0"):rep(150) .. "7"), tonumber("0." .. ("0"):rep(100) .. "1e101"), tonumber(("9"):rep(300)) == 1e300) --> 7	1.0	true
print(tonumber("0x" .. ("f"):rep(40)), tonumber("0x." .. ("0"):rep(50) .. "1p204")) --> -1	1.0
