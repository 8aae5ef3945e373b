-- string.len, sub, byte, char, upper, lower, reverse, rep: negative and odd positions.
local s = "hello"
print(s:sub(1, 1), s:sub(2), s:sub(-3), s:sub(2, -2), s:sub(-100, 100), s:sub(4, 2) == "", s:sub(0), s:sub(6) == "")
--> h	ello	llo	ell	hello	true	hello	true
print(s:sub(-2, -1), s:sub(-1, -2) == "", s:sub(5, 5), s:sub(math.mininteger, math.maxinteger), s:sub(math.maxinteger) == "")
--> lo	true	o	hello	true
print(s:sub(3, -3), s:sub(-3, 3), s:sub(0, 0) == "", s:sub(-5, -5), s:sub(-6, -6) == "", s:sub(1, math.mininteger) == "")
--> l	l	true	h	true	true
print(s:byte(), s:byte(2), s:byte(-1), s:byte(1, -1)) --> 104	101	111	104	101	108	108	111
print(select("#", s:byte(10)), select("#", s:byte(0)), select("#", s:byte(3, 2)), select("#", s:byte(-10, 10))) --> 0	0	0	5
print(string.char(), string.char(72, 105), #string.char(0, 255, 128), string.char(49.0)) --> 	Hi	3	1
print(s:upper(), ("MiXed 123 \xe9"):lower() == "mixed 123 \xe9", ("a\0b"):upper() == "A\0B", (""):upper() == "")
--> HELLO	true	true	true
print(s:reverse(), (""):reverse() == "", ("a\0b"):reverse() == "b\0a", ("x"):reverse()) --> olleh	true	true	x
print(("ab"):rep(3), ("ab"):rep(3, ","), ("ab"):rep(1, ","), ("ab"):rep(0) == "", ("ab"):rep(-1) == "", (""):rep(100) == "")
--> ababab	ab,ab,ab	ab	true	true	true
print(("x"):rep(0, ",") == "", (""):rep(3, "-"), ("ab"):rep(2, ""), #("x"):rep(1000, "yz")) --> true	--	abab	2998
print(#"", #"\0\0\0", ("a\0b"):len(), string.len(123), #"é") --> 0	3	3	3	2
print(string.sub(12345, 2, 3), string.rep(1.5, 2, 0), string.byte(7), string.reverse(123)) --> 23	1.501.5	55	321
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
print(err(string.char, 256), err(string.char, -1), err(string.char, 65, "x"))
--> bad argument #1 to 'string.char' (value out of range)	bad argument #1 to 'string.char' (value out of range)	bad argument #2 to 'string.char' (number expected, got string)
print(err(string.rep, "x", 1 << 62), err(string.rep, "abc", math.maxinteger // 2))
--> resulting string too large	resulting string too large
print(err(string.rep), err(string.rep, "x"))
--> bad argument #1 to 'string.rep' (string expected, got no value)	bad argument #2 to 'string.rep' (number expected, got no value)
print(err(string.sub), err(string.sub, "x"), err(string.sub, {}, 1), err(string.sub, "x", {}))
--> bad argument #1 to 'string.sub' (string expected, got no value)	bad argument #2 to 'string.sub' (number expected, got no value)	bad argument #1 to 'string.sub' (string expected, got table)	bad argument #2 to 'string.sub' (number expected, got table)
print(err(string.len), err(string.len, nil), err(string.upper, true), err(string.byte, "x", "y"))
--> bad argument #1 to 'string.len' (string expected, got no value)	bad argument #1 to 'string.len' (string expected, got nil)	bad argument #1 to 'string.upper' (string expected, got boolean)	bad argument #2 to 'string.byte' (number expected, got string)
print(err(string.reverse), err(string.lower, print))
--> bad argument #1 to 'string.reverse' (string expected, got no value)	bad argument #1 to 'string.lower' (string expected, got function)
print(err(function() return ("x"):rep({}) end)) --> bad argument #1 to 'rep' (number expected, got table)
print(err(function() return ("x"):sub() end)) --> bad argument #1 to 'sub' (number expected, got no value)
print(err(function() return ("x").y.z end)) --> attempt to index a nil value (field 'y')
print(err(function() local s = "x"; s.y = 1 end)) --> attempt to index a string value (local 's')
-- The bytes of all chars, there and back.
local all = {}
for i = 0, 255 do all[#all + 1] = string.char(i) end
local joined = table.concat(all)
print(#joined, joined:byte(256), joined:sub(66, 70), joined:reverse():byte(1), joined:upper():sub(98, 100)) --> 256	255	ABCDE	255	ABC
assert(string.char(joined:byte(1, -1)) == joined)
-- Indexing a string with anything else goes to the string table.
print(s.len == string.len, s.nothing, s[1], s.x, ("x").format == string.format, #s.sub(s, 2)) --> true	nil	nil	nil	true	4
string.shout = function(self, n) return self:upper() .. ("!"):rep(n or 1) end
print(s:shout(), s:shout(3), ("literal"):shout(0)) --> HELLO!	HELLO!!!	LITERAL
string.shout = nil
print(pcall(function() return s:shout() end) == false) --> true
