-- utf8: char, charpattern, codes, codepoint, len, offset; lax mode; errors.
local function err(f, ...)
  local ok, message = pcall(f, ...)
  return ok and "ok" or (message:gsub("^[^:]+:%d+: ", ""))
end
local s = "aé€𝄞z"
print(utf8.char(), utf8.char(97, 233, 8364, 0x1D11E), #utf8.char(0), #utf8.char(0x7FFFFFFF), utf8.char(72) .. utf8.char(228))
--> 	aé€𝄞	1	6	Hä
print(utf8.len(s), #s, utf8.len(""), utf8.len(s, 2), utf8.len(s, -1), utf8.len(s, 1, 1), utf8.len(s, 4), utf8.len(s, #s + 1), utf8.len(s, 2, 3))
--> 5	11	0	4	1	1	3	0	1
print(utf8.len("a\xffb"), utf8.len("\xe2\x82"), utf8.len("\xc0\x80"), utf8.len("\xed\xa0\x80"), utf8.len("\xf4\x90\x80\x80"))
--> nil	nil	nil	nil	nil	1
print(utf8.len("\xed\xa0\x80", 1, -1, true), utf8.len("\xf4\x90\x80\x80", 1, -1, true), utf8.len(utf8.char(0x7FFFFFFF), 1, -1, true), utf8.len(utf8.char(0x110000)))
--> 1	1	1	nil	1
print(utf8.len("\x80abc"), utf8.len("é", 2), utf8.len("abc", 4), utf8.len("abc", 1, -2), utf8.len("abc", 3, 2)) --> nil	nil	0	2	0
print(utf8.codepoint(s), utf8.codepoint(s, 2), utf8.codepoint(s, 1, -1)) --> 97	233	97	233	8364	119070	122
print(select("#", utf8.codepoint(s, 3, 2)), utf8.codepoint("\u{7FFFFFFF}", 1, 1, true), utf8.codepoint("\xed\xa0\x80", 1, 1, true))
--> 0	2147483647	55296
print(utf8.offset(s, 1), utf8.offset(s, 2), utf8.offset(s, 3), utf8.offset(s, 4), utf8.offset(s, 5), utf8.offset(s, 6), utf8.offset(s, 7))
--> 1	2	4	7	11	12	nil
print(utf8.offset(s, -1), utf8.offset(s, -2), utf8.offset(s, -5), utf8.offset(s, -6), utf8.offset(s, 0), utf8.offset(s, 0, 3), utf8.offset(s, 0, 6), utf8.offset(s, 0, #s + 1))
--> 11	7	1	nil	1	2	4	12
print(utf8.offset(s, 1, 4), utf8.offset(s, 2, 4), utf8.offset(s, -1, 4), utf8.offset(s, 3, 2), utf8.offset("", 1), utf8.offset("", 0), utf8.offset("", -1), utf8.offset("abc", 4), utf8.offset("abc", 5))
--> 4	7	2	7	1	1	nil	4	nil
local out = {}
for p, c in utf8.codes(s) do out[#out + 1] = p .. ":" .. ("%X"):format(c) end
print(table.concat(out, " ")) --> 1:61 2:E9 4:20AC 7:1D11E 11:7A
out = {}
for ch in s:gmatch(utf8.charpattern) do out[#out + 1] = #ch end
print(table.concat(out, " "), #utf8.charpattern, s:match("^" .. utf8.charpattern)) --> 1 2 3 4 1	14	a
for p, c in utf8.codes("\u{110000}\u{D800}", true) do out[#out + 1] = ("%X"):format(c) end
print(table.concat(out, " ")) --> 1 2 3 4 1 110000 D800
print(err(utf8.char, -1), err(utf8.char, 0x80000000), err(utf8.char, "x"), err(utf8.char, 1.5), err(utf8.char, 65, {}))
--> bad argument #1 to 'utf8.char' (value out of range)	bad argument #1 to 'utf8.char' (value out of range)	bad argument #1 to 'utf8.char' (number expected, got string)	bad argument #1 to 'utf8.char' (number has no integer representation)	bad argument #2 to 'utf8.char' (number expected, got table)
print(err(utf8.codepoint, s, 3), err(utf8.codepoint, s, 0), err(utf8.codepoint, s, 1, 100), err(utf8.codepoint, "\xff"), err(utf8.codepoint), err(utf8.codepoint, "\u{110000}"))
--> invalid UTF-8 code	bad argument #2 to 'utf8.codepoint' (out of bounds)	bad argument #3 to 'utf8.codepoint' (out of bounds)	invalid UTF-8 code	bad argument #1 to 'utf8.codepoint' (string expected, got no value)	invalid UTF-8 code
print(err(utf8.len, s, 100), err(utf8.len, s, 0), err(utf8.len, s, 1, 100), err(utf8.len), err(utf8.len, {}), err(utf8.len, "x", "y"))
--> bad argument #2 to 'utf8.len' (initial position out of bounds)	bad argument #2 to 'utf8.len' (initial position out of bounds)	bad argument #3 to 'utf8.len' (final position out of bounds)	bad argument #1 to 'utf8.len' (string expected, got no value)	bad argument #1 to 'utf8.len' (string expected, got table)	bad argument #2 to 'utf8.len' (number expected, got string)
print(err(utf8.offset, s, 1, 3), err(utf8.offset, s, 1, 100), err(utf8.offset, s), err(utf8.offset, s, 2, -50), err(utf8.offset, s, -1, 8))
--> initial position is a continuation byte	bad argument #3 to 'utf8.offset' (position out of bounds)	bad argument #2 to 'utf8.offset' (number expected, got no value)	bad argument #3 to 'utf8.offset' (position out of bounds)	initial position is a continuation byte
print(err(function() for _ in utf8.codes("a\xffb") do end end), err(function() for _ in utf8.codes("ab\xe2\x82") do end end), err(function() for _ in utf8.codes("\u{D800}") do end end))
--> invalid UTF-8 code	invalid UTF-8 code	invalid UTF-8 code
print(err(function() for _ in utf8.codes("\x80") do end end), err(function() for _ in utf8.codes("aé\x80") do end end), err(utf8.codes))
--> bad argument #1 to 'codes' (invalid UTF-8 code)	invalid UTF-8 code	bad argument #1 to 'utf8.codes' (string expected, got no value)
-- Every size boundary goes there and back.
for _, c in ipairs {0, 0x7F, 0x80, 0x7FF, 0x800, 0xFFFF, 0x10000, 0x10FFFF, 0x1FFFFF, 0x200000, 0x3FFFFFF, 0x4000000, 0x7FFFFFFF} do
  local u = utf8.char(c)
  assert(utf8.codepoint(u, 1, 1, true) == c and utf8.len(u, 1, -1, true) == 1)
  assert((utf8.len(u) == 1) == (c <= 0x10FFFF))
end
-- Reverse a text by characters.
local chars = {}
for _, c in utf8.codes("añb€c") do table.insert(chars, 1, utf8.char(c)) end
print(table.concat(chars), utf8.char(utf8.codepoint("x€y", 1, -1))) --> c€bña	x€y
