-- string.pack of floats, strings, padding and alignment.
local pack, unpack, size = string.pack, string.unpack, string.packsize
local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
print(hex(pack("<f", 1.5)), hex(pack(">f", 1.5)), hex(pack("<d", 1.5)), hex(pack(">d", -0.0)), hex(pack("<n", 1 / 3)))
--> 0000c03f	3fc00000	000000000000f83f	8000000000000000	555555555555d53f
print(unpack("<f", pack("<f", 0.1)) == 0.1, ("%.8g"):format((unpack("<f", pack("<f", 0.1)))), unpack("<d", pack("<d", 0.1)) == 0.1)
--> false	0.1	true
print(hex(pack("<f", 1e300)), hex(pack("<f", 1e-300)), hex(pack(">d", 1 / 0)), unpack("<f", pack("<f", -1 / 0)), hex(pack("<d", 3)))
--> 0000807f	00000000	7ff0000000000000	-inf	0000000000000840
print(hex(pack("z", "abc")), hex(pack("s1", "abc")), hex(pack("<s2", "abc")), hex(pack(">s4", "")), hex(pack("<s", "x")))
--> 61626300	03616263	0300616263	00000000	010000000000000078
print(unpack("z", "abc\0def"), unpack("z", "\0"), unpack("s1", "\3abcd"), unpack("zz", "a\0b\0"), unpack("<s2z", "\2\0hix\0"))
--> abc		abc	a	hi	x	7
print(hex(pack("c5", "abc")), hex(pack("c3", "abc")), hex(pack("c0", "")), unpack("c3", "abcdef"), unpack("c0", "abc"), unpack("c2c2", "abcd"))
--> 6162630000	616263		abc		ab	cd	5
print(hex(pack("xb", 1)), hex(pack("bxb", 1, 2)), hex(pack("<!4 b i4", 1, 2)), hex(pack("<!2 b i4", 1, 2)), hex(pack("<! b i2", 1, 2)))
--> 0001	010002	0100000002000000	010002000000	01000200
print(hex(pack("<!4 bXi4", 1)), hex(pack("<!8 i2 Xi8 i2", 1, 2)), hex(pack("<bXi4", 1)), size("<!4 b Xi4 b"), hex(pack("<!8 b Xd d", 1, 2)))
--> 01000000	01000000000000000200	01	5	01000000000000000000000000000040
print(unpack("<!4 b i4", pack("<!4 b i4", 7, 8)), unpack("<!4 i1 !2 i4 !8 i8", pack("<!4 i1 !2 i4 !8 i8", 1, 2, 3))) --> 7	1	2	3	17
print(hex(pack("<!4 b s2", 1, "ab")), hex(pack(">!4 s4 b s4", "x", 1, "y")), hex(pack("<!4 z i4", "ab", 1)), hex(pack("<!4 i2 f", 1, 1)))
--> 010002006162	00000001780100000000000179	6162000001000000	010000000000803f
print(hex(pack("=I2", 1)) == hex(pack("<I2", 1)), hex(pack(">I2<I2>I2", 1, 2, 3)), hex(pack("<!1 b i8", 1, 2)))
--> true	000102000003	010200000000000000
print(err(pack, "z", "a\0b"), err(pack, "s1", ("x"):rep(256)), err(pack, "c2", "abc"), err(pack, "c", "x"))
--> bad argument #2 to 'string.pack' (string contains zeros)	bad argument #2 to 'string.pack' (string length does not fit in given size)	bad argument #2 to 'string.pack' (string longer than given size)	missing size for format option 'c'
print(err(unpack, "z", "abc"), err(unpack, "s1", "\5abc"), err(unpack, "c10", "abc"), err(unpack, "f", "abc"), err(unpack, "s4", "ab"))
--> bad argument #2 to 'string.unpack' (unfinished string for format 'z')	bad argument #2 to 'string.unpack' (data string too short)	bad argument #2 to 'string.unpack' (data string too short)	bad argument #2 to 'string.unpack' (data string too short)	bad argument #2 to 'string.unpack' (data string too short)
print(err(pack, "!17 b", 1), err(pack, "!3 i8", 1), err(pack, "X", 1), err(pack, "Xz", 1), err(pack, "bX", 1), err(pack, "!4 i3", 1))
--> integral size (17) out of limits [1,16]	bad argument #1 to 'string.pack' (format asks for alignment not power of 2)	bad argument #1 to 'string.pack' (invalid next option for option 'X')	bad argument #1 to 'string.pack' (invalid next option for option 'X')	bad argument #1 to 'string.pack' (invalid next option for option 'X')	bad argument #1 to 'string.pack' (format asks for alignment not power of 2)
print(err(pack, "X1", 1), err(pack, "d", "x"), err(pack, "z", nil), err(pack, "s", {}), err(pack, "w", 1), err(pack, "c-1", "x"))
--> invalid format option '1'	bad argument #2 to 'string.pack' (number expected, got string)	bad argument #2 to 'string.pack' (string expected, got nil)	bad argument #2 to 'string.pack' (string expected, got table)	invalid format option 'w'	missing size for format option 'c'
print(err(size, "c2147483647c2147483647"), err(pack, 1), err(unpack), err(unpack, "b"), err(size, "!99 b"))
--> invalid format option '7'	invalid format option '1'	bad argument #1 to 'string.unpack' (string expected, got no value)	bad argument #2 to 'string.unpack' (string expected, got no value)	integral size (99) out of limits [1,16]
print(size("<!8 b d"), size("<d b"), size("<!4 b d"), size("!8 b Xd"), size("<! b j")) --> 16	9	12	8	16
print(hex(pack("z", 12)), unpack("z", pack("z", 12)), pack("s1", 1.5) == "\0031.5", pack("c4", 12) == "12\0\0")
--> 313200	12	true	true
-- A record format, there and back, with an offset that moves.
local fmt, records = "<I1 s2 d z", {{1, "one", 1.5, "uno"}, {255, "", -0.25, ""}, {7, ("x"):rep(300), 1e300, "z z"}}
local out = {}
for i, r in ipairs(records) do out[i] = pack(fmt, table.unpack(r)) end
local blob, pos = table.concat(out), 1
for _, r in ipairs(records) do
  local a, b, c, d, after = unpack(fmt, blob, pos)
  assert(a == r[1] and b == r[2] and c == r[3] and d == r[4])
  pos = after
end
print(pos == #blob + 1, #blob) --> true	345
