-- string.pack of integers: sizes, signs, byte order, overflow.
local pack, unpack, size = string.pack, string.unpack, string.packsize
local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
local function err(f, ...)
  local ok, message = pcall(f, ...)
  return ok and "ok" or (message:gsub("^[^:]+:%d+: ", ""))
end
print(hex(pack("<b", -1)), hex(pack("<B", 255)), hex(pack("<h", -2)), hex(pack("<H", 65535)), hex(pack("<i4", -3)), hex(pack(">i4", -3)))
--> ff	ff	feff	ffff	fdffffff	fffffffd
print(hex(pack("<j", -1)), hex(pack(">J", 1)), hex(pack("<l", 258)), hex(pack(">L", 258)), hex(pack("<T", 5)))
--> ffffffffffffffff	0000000000000001	0201000000000000	0000000000000102	0500000000000000
print(hex(pack("<i1", 127)), hex(pack("<i3", -2)), hex(pack(">i3", 0x010203)), hex(pack("<i7", -1)), hex(pack(">I5", 0x0102030405)))
--> 7f	feffff	010203	ffffffffffffff	0102030405
print(hex(pack("<i16", -1)), hex(pack("<i16", 1)), hex(pack(">i9", -2)), hex(pack(">I12", 7)))
--> ffffffffffffffffffffffffffffffff	01000000000000000000000000000000	fffffffffffffffffe	000000000000000000000007
print(unpack("<i2", "\xfe\xff"), unpack("<I2", "\xfe\xff"), unpack(">i2", "\xff\xfe"), unpack("<i3", "\xff\xff\x7f"), unpack("<i3", "\xff\xff\xff"))
--> -2	65534	-2	8388607	-1	4
print(unpack("<i16", ("\xff"):rep(16)), unpack(">I9", "\0" .. ("\xff"):rep(8)), unpack("<i10", "\1" .. ("\0"):rep(9))) --> -1	-1	1	11
print(size("b"), size("h"), size("i"), size("l"), size("j"), size("T"), size("i3"), size("I16"), size("f"), size("d"), size("n"))
--> 1	2	4	8	8	8	3	16	4	8	8
print(size("<bhij"), size("<!4bi4"), size("!8bj"), size(""), size("c10"), size("x"), size("bXi4"), size("!4bXi4"))
--> 15	8	16	0	10	1	1	4
print(unpack("<bBhH", pack("<bBhH", -1, 255, -300, 65000))) --> -1	255	-300	65000	7
print(unpack("<i4i4", pack("<i4i4i4", 1, 2, 3), 5), select("#", unpack("", "")), unpack("<b", "abc", -1)) --> 2	1	99	4
print(unpack("<I2", "abcd", 3), unpack("b", "a", 1), unpack("<i1<i2>i2=i1", "\1\2\0\0\3\4")) --> 25699	97	1	2	3	4	7
for i = 1, 16 do
  for _, n in ipairs {0, 1, -1, 100, -100, 127, -128} do
    for _, order in ipairs {"<", ">"} do
      local s = pack(order .. "i" .. i, n)
      assert(#s == i and unpack(order .. "i" .. i, s) == n)
      assert(s == pack(order == "<" and ">i" .. i or "<i" .. i, n):reverse())
      if n >= 0 then assert(pack(order .. "I" .. i, n) == s) end
    end
  end
end
print(err(pack, "b", 128), err(pack, "b", -129), err(pack, "B", 256), err(pack, "B", -1))
--> bad argument #2 to 'string.pack' (integer overflow)	bad argument #2 to 'string.pack' (integer overflow)	bad argument #2 to 'string.pack' (unsigned overflow)	bad argument #2 to 'string.pack' (unsigned overflow)
print(err(pack, "i2", 32768), err(pack, "I3", 1 << 24), err(pack, "i17", 1), err(pack, "i0", 1))
--> bad argument #2 to 'string.pack' (integer overflow)	bad argument #2 to 'string.pack' (unsigned overflow)	integral size (17) out of limits [1,16]	integral size (0) out of limits [1,16]
print(err(pack, "i4", 1.5), err(pack, "i4", "x"), err(pack, "i4"), err(pack, "i4", {}))
--> bad argument #2 to 'string.pack' (number has no integer representation)	bad argument #2 to 'string.pack' (number expected, got string)	bad argument #2 to 'string.pack' (number expected, got nil)	bad argument #2 to 'string.pack' (number expected, got table)
print(err(unpack, "i4", "abc"), err(unpack, "i4", "abcd", 2), err(unpack, "i4", "abcd", 6), err(unpack, "i4", "abcd", -5))
--> bad argument #2 to 'string.unpack' (data string too short)	bad argument #2 to 'string.unpack' (data string too short)	bad argument #3 to 'string.unpack' (initial position out of string)	ok
print(err(unpack, "<i9", ("\xff"):rep(8) .. "\1"), err(unpack, "<I16", ("\xff"):rep(16)), err(unpack, ">i16", ("\0"):rep(7) .. ("\xff"):rep(9)))
--> 9-byte integer does not fit into Lua Integer	16-byte integer does not fit into Lua Integer	16-byte integer does not fit into Lua Integer
print(err(pack, "q", 1), err(pack, "i99999999999", 1), err(size, "s"), err(size, "z"), err(size, "i", 1))
--> invalid format option 'q'	integral size (999999999) out of limits [1,16]	bad argument #1 to 'string.packsize' (variable-length format)	bad argument #1 to 'string.packsize' (variable-length format)	ok
print(pack("i4", "10") == pack("i4", 10), pack("<i2", 3.0) == "\3\0", pack(" < i2 i2 ", 1, 2) == "\1\0\2\0") --> true	true	true
print(pack("<I8", -1) == ("\xff"):rep(8), pack("<J", math.mininteger) == ("\0"):rep(7) .. "\x80", unpack("<J", ("\xff"):rep(8)))
--> true	true	-1	9
