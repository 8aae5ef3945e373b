-- string.format with %d, %i, %u-less, %x, %X, %o: flags, widths, precisions, conversions.
local f = string.format
local function err(...)
  local ok, message = pcall(f, ...)
  return ok and "ok" or (message:gsub("^[^:]+:%d+: ", ""))
end
print(f("%d %i %d %d", 1, -1, math.maxinteger, math.mininteger), f("%d", 3.0), f("%d", "10"), f("%d", "0x10"), f("%d", "3.0"))
--> 1 -1 9223372036854775807 -9223372036854775808	3	10	16	3
print(f("[%5d] [%-5d] [%05d] [%+d] [% d] [%+5d] [%-+5d] [%05d]", 42, 42, 42, 42, 42, 42, 42, -42))
--> [   42] [42   ] [00042] [+42] [ 42] [  +42] [+42  ] [-0042]
print(f("[%.3d] [%5.3d] [%-6.3d] [%.0d] [%.0d] [%+.3d] [%5.0d]", 7, 7, 7, 0, 5, 7, 0))
--> [007] [  007] [007   ] [] [5] [+007] [     ]
print(f("%x %X %#x %#X %o %#o", 255, 255, 255, 255, 8, 8), f("%x %o", -1, -1))
--> ff FF 0xff 0XFF 10 010	ffffffffffffffff 1777777777777777777777
print(f("[%8x] [%-8x] [%08x] [%.4x] [%#10x] [%#010x]", 48879, 48879, 48879, 255, 255, 255))
--> [    beef] [beef    ] [0000beef] [00ff] [      0xff] [0x000000ff]
print(f("%x", 0), f("%#x", 0), f("%#o", 0), f("%.0x|", 0), f("%x", math.mininteger), f("%X", math.maxinteger))
--> 0	0	0	|	8000000000000000	7FFFFFFFFFFFFFFF
print(f("%99d", 1):len(), f("%-99d|", 1):len(), f("%.99d", 1):len(), f("%099d", 5):sub(1, 5)) --> 99	100	99	00000
print(f("%5d|%5d|%-3d|%03d", 123456, -123456, 1234, 1234), f("%3d,%3d,%3d", 1, 22, 333)) --> 123456|-123456|1234|1234	  1, 22,333
print(err("%d", 1.5), err("%d", "1.5"), err("%d", "x"), err("%d", nil), err("%d"), err("%x", 2^63))
--> bad argument #2 to 'string.format' (number has no integer representation)	bad argument #2 to 'string.format' (number has no integer representation)	bad argument #2 to 'string.format' (number expected, got string)	bad argument #2 to 'string.format' (number expected, got nil)	bad argument #2 to 'string.format' (no value)	bad argument #2 to 'string.format' (number has no integer representation)
print(err("%d", {}), err("%d", true), err("%x", -0.5), err("%d", 1 / 0), err("%i", 0 / 0), err("%o", "z"))
--> bad argument #2 to 'string.format' (number expected, got table)	bad argument #2 to 'string.format' (number expected, got boolean)	bad argument #2 to 'string.format' (number has no integer representation)	bad argument #2 to 'string.format' (number has no integer representation)	bad argument #2 to 'string.format' (number has no integer representation)	bad argument #2 to 'string.format' (number expected, got string)
print(err("%y", 1), err("%", 1), err("%123d", 1), err("%.123d", 1), err("%#d", 1), err("%--d", 1))
--> invalid conversion '%y' to 'format'	invalid conversion '%' to 'format'	invalid conversion specification: '%123d'	invalid conversion specification: '%.123d'	invalid conversion specification: '%#d'	ok
print(err("%u", 1), err("%ld", 1), err("%5", 1), err("% #d", 1), err("%0x5d", 1), err("%#i", 1))
--> ok	invalid conversion '%l' to 'format'	invalid conversion '%5' to 'format'	invalid conversion specification: '% #d'	ok	invalid conversion specification: '%#i'
print(err("%d %d", 1), err("%d", 1, 2), err("%1$d", 1), err("%*d", 5, 1), err("%-05d", 1), err("%+x", 1))
--> bad argument #3 to 'string.format' (no value)	ok	invalid conversion '%1$' to 'format'	invalid conversion '%*' to 'format'	ok	invalid conversion specification: '%+x'
-- Against a naive twin, for many values and widths.
local function twin(n, width)
  local s = tostring(n)
  return (" "):rep(width - #s) .. s
end
for _, n in ipairs {0, 1, -1, 10, -10, 99999, math.maxinteger, math.mininteger} do
  for width = 1, 25, 6 do
    assert(f("%" .. width .. "d", n) == twin(n, width))
    assert(tonumber(f("%-" .. width .. "d", n)) == n)
  end
  assert(tonumber(f("0x%x", n)) == n)
end
