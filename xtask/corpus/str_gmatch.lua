-- gmatch: captures, anchors, empty matches, init, state, nested use.
local function all(s, p, i)
  local out = {}
  for a, b in s:gmatch(p, i) do out[#out + 1] = b and tostring(a) .. "=" .. tostring(b) or tostring(a) end
  return (#out .. ":" .. table.concat(out, "|"):gsub("%z", "0"):gsub(" ", "_"))
end
print(all("one two  three", "%a+"), all("k=v, x=y", "(%w+)=(%w+)"), all("abc", "")) --> 3:one|two|three	2:k=v|x=y	4:|||
print(all("abc", "."), all("abc", "^a"), all("aaa", "^a"), all("^a^a", "^a"), all("abc", "x*")) --> 3:a|b|c	0:	0:	2:^a|^a	4:|||
print(all("abc", "()"), all("abcd", "()..()"), all("", ""), all("", "."), all("  x ", "%s*")) --> 4:1|2|3|4	2:1=3|3=5	1:	0:	2:__|_
print(all("hello", "l", 4), all("hello", ".", -2), all("hello", ".", 10), all("hello", ".", -100), all("hello", "", 6), all("hello", "", 7))
--> 1:l	2:l|o	0:	5:h|e|l|l|o	1:	0:
print(all("a1b22c333", "%a%d+"), all("a,b,,c", "([^,]*)"), all("x\0y\0", "%z"), all("\0\0", "."))
--> 3:a1|b22|c333	4:a|b||c	2:0|0	2:0|0
print(all("THE (quick) fox", "%((%a+)%)"), all("{a{b}c}", "%b{}"), all("THE END.", "%f[%a]%a+")) --> 1:quick	1:{a{b}c}	2:THE|END
print(all("aXbXc", "(.)X"), all("2024-01-02", "%d+"), all("a.b.c", "[^.]+"), all("abcabc", "(a)(b)"))
--> 2:a|b	3:2024|01|02	3:a|b|c	2:a=b|a=b
-- Iterators are independent and keep their own position.
local s = "a b c d"
local f, g = s:gmatch "%a", s:gmatch "%a"
print(f(), f(), g(), f(), g(), f(), f(), g()) --> a	b	a	c	b	d	nil	c
print(f(), f()) --> nil
local nested = {}
for row in ("1,2;3,4;5"):gmatch "[^;]+" do
  local cells = {}
  for cell in row:gmatch "[^,]+" do cells[#cells + 1] = cell + 0 end
  nested[#nested + 1] = #cells .. "/" .. cells[#cells]
end
print(table.concat(nested, " ")) --> 2/2 2/4 1/5
-- Two matches that touch: an empty match right after a match is skipped.
print(all("abc", "b*"), all("abab", "(a*)(b*)"), all("aaa", "a-"), all("xay", "a?")) --> 3:|b|	2:a=b|a=b	4:|||	3:|a|
-- As a plain function, with more and fewer results than asked.
local iter = ("k=v"):gmatch "(%w)=(%w)"
local k, v, none = iter()
print(k, v, none, iter()) --> k	v	nil
local function err(fn, ...) return (select(2, pcall(fn, ...)):gsub("^[^:]+:%d+: ", "")) end
print(err(string.gmatch, "x"), err(string.gmatch), err(string.gmatch, "x", "x", "y"), err(string.gmatch("x", "(")))
--> bad argument #2 to 'string.gmatch' (string expected, got no value)	bad argument #1 to 'string.gmatch' (string expected, got no value)	bad argument #3 to 'string.gmatch' (number expected, got string)	unfinished capture
print(err(string.gmatch("x", "%"))) --> malformed pattern (ends with '%')
-- Words counted, in a coroutine that yields between the matches.
local co = coroutine.wrap(function() for w in ("yield each word"):gmatch "%a+" do coroutine.yield(w) end return "done" end)
print(co(), co(), co(), co()) --> yield	each	word	done
