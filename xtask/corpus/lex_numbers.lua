-- Numerals: decimal, hexadecimal, floats, and what is malformed.
local function show(...)
  local out = {}
  for i = 1, select("#", ...) do
    local v = select(i, ...)
    out[i] = math.type(v) .. ":" .. tostring(v)
  end
  print(table.concat(out, " "))
end
show(0, 3, 345, 0xff, 0xBEBADA, 0Xa) --> integer:0 integer:3 integer:345 integer:255 integer:12499674 integer:10
show(3.0, 3.1416, 314.16e-2, 0.31416E1, 34e1, .5, 5., 3e-2)
--> float:3.0 float:3.1416 float:3.1416 float:3.1416 float:340.0 float:0.5 float:5.0 float:0.03
show(0x0.1E, 0xA23p-4, 0X1.921FB54442D18P+1, 0x.8p1, 0x8.p-1, 0x10p0)
--> float:0.1171875 float:162.1875 float:3.1415926535898 float:1.0 float:4.0 float:16.0
show(9223372036854775807, 9223372036854775808, 1e308, 1e309)
--> integer:9223372036854775807 float:9.2233720368548e+18 float:1e+308 float:inf
show(0xffffffffffffffff, 0x7fffffffffffffff, 0x8000000000000000)
--> integer:-1 integer:9223372036854775807 integer:-9223372036854775808
show(0x1ffffffffffffffff, 0x123456789abcdef01) --> integer:-1 integer:2541551405711093505
show(18446744073709551615, 00012, 0x00000000000000000000001) --> float:1.844674407371e+19 integer:12 integer:1
show(1e1, 1E+1, 1e-1, 0e12, 0.0, 0xep1) --> float:10.0 float:10.0 float:0.1 float:0.0 float:0.0 float:28.0
show(0xe+1, 0xe-1, 0x1p4, 0x.1) --> integer:15 integer:13 float:16.0 float:0.0625
print(3. ..2, 3 ..2, 1.5 ..'', 1e1 ..'') --> 3.02	32	1.5	10.0
print(0xA, 0xa, 0XAp0, 0x1P-1) --> 10	10	10.0	0.5
print(1//0.0, -1//0.0, 2^53 == 2^53+1, 1e15, 1e16, 123456789012345678) --> inf	-inf	true	1e+15	1e+16	123456789012345678

local function syntax(source)
  local f, message = load("return " .. source, "=s")
  if f then return "ok " .. tostring(f()) end
  return message
end
for _, text in ipairs {"3x", "0x", "0xg", "1e", "1e+", "1e+x", "0x1p", "1..2", "1.2.3", "0x1.2.3",
                       "3_000", "08", "1ee2", "0xep", "5e5e", "0x.", "1.", ".e1", "12abc", "0b1"} do
  local result = syntax(text)
  io.write(text, " => ", result, "\n")
  --> 3x => s:1: malformed number near '3x'
  --> 0x => s:1: malformed number near '0x'
  --> 0xg => s:1: malformed number near '0xg'
  --> 1e => s:1: malformed number near '1e'
  --> 1e+ => s:1: malformed number near '1e+'
  --> 1e+x => s:1: malformed number near '1e+x'
  --> 0x1p => s:1: malformed number near '0x1p'
  --> 1..2 => s:1: malformed number near '1..2'
  --> 1.2.3 => s:1: malformed number near '1.2.3'
  --> 0x1.2.3 => s:1: malformed number near '0x1.2.3'
  --> 3_000 => s:1: malformed number near '3_'
  --> 08 => ok 8
  --> 1ee2 => s:1: malformed number near '1ee2'
  --> 0xep => s:1: malformed number near '0xep'
  --> 5e5e => s:1: malformed number near '5e5e'
  --> 0x. => s:1: malformed number near '0x.'
  --> 1. => ok 1.0
  --> .e1 => s:1: unexpected symbol near '.'
  --> 12abc => s:1: malformed number near '12abc'
  --> 0b1 => s:1: malformed number near '0b1'
end
