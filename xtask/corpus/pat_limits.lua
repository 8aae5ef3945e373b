-- Pattern matching at its limits: too complex, long subjects, odd patterns.
local function err(f, ...)
  local ok, message = pcall(f, ...)
  if ok then return "ok" end
  return (message:gsub("^[^:]+:%d+: ", ""))
end
local deep = ("a?"):rep(100) .. ("a"):rep(10)
print(("a"):rep(10):match(("a?"):rep(10) .. ("a"):rep(10)), err(string.match, ("a"):rep(10), deep:sub(1, 60))) --> aaaaaaaaaa	ok
print(err(string.rep, ("x"):rep(10), -1), err(string.find, ("a"):rep(300000), ("a?"):rep(300000) .. "b")) --> ok	pattern too complex
print(err(string.match, ("x"):rep(300000), (".-"):rep(10) .. "$"):sub(1, 2)) --> ok
print(err(string.find, ("("):rep(100), ("%b()"):rep(3))) --> ok
print(#(("a"):rep(10000):match("^(.-)$")), #(("a"):rep(10000):match("a+")), (("a"):rep(10000) .. "b"):find("a-b"))
--> 10000	10000	1	10001
print(err(string.find, "x", ("x*"):rep(250)), err(string.find, "x", ("[x]"):rep(1000))) --> ok	ok
print(err(string.find, ("x"):rep(300), "(" .. ("x?"):rep(250) .. ")")) --> pattern too complex
print(err(string.match, "a", ("("):rep(33) .. "a" .. (")"):rep(33))) --> too many captures
-- Empty pattern items.
print((""):find("^$"), ("a"):find("^"), ("a"):find("$"), ("a"):find("^$"), ("$"):find("$$"), ("^"):find("^^"), ("a$b"):find("a$b"))
--> 1	1	2	nil	1	1	1	3
print(("a*b"):find("*", 1, true), ("*"):find("*"), ("+"):find("+"), ("?"):find("?"), ("-"):find("-"), ("a**"):find("a**"))
--> 2	1	1	1	1	1	2
print(("--"):find("%-%-"), ("a-"):find("a-$"), ("]"):find("]"), ("}"):find("}"), ("x"):find("^x$"), ("ax"):find("^x"))
--> 1	3	1	1	1	nil
print(err(string.find, "a", "a%"), err(string.find, "abc", "[a-%"), ("-"):find("[%a-]"), ("b"):find("[a-c]"), ("%"):find("[%%]"))
--> malformed pattern (ends with '%')	malformed pattern (missing ']')	1	1	1	1
-- Balanced matches.
print(("((a)(b))"):match("%b()"), ("(a"):find("%b()"), ("a)b("):find("%b)("), ("xx"):find("%bxx"), ("xax"):match("%bxx"))
--> ((a)(b))	nil	2	1	xax
print(("{{}{}}x"):find("%b{}"), ("[[[]]"):match("%b[]"), ("\0a\1"):find("%b\0\1")) --> 1	[[]]	1	3
-- Frontier at both ends.
print(("abc"):gsub("%f[%w]", "<"), ("abc def"):gsub("%f[%W]", ">"), ("abc def"):gsub("%f[%w]%w", string.upper))
--> <abc	abc> def>	Abc Def	2
print(("a1b2"):gsub("%f[%d]", "#"), (""):gsub("%f[%w]", "x"), ("-x-"):find("%f[x]x%f[^x]")) --> a#1b#2		2	2
-- Subjects and patterns with zero bytes.
print(("a\0b\0c"):gsub("\0", "0"), ("a\0b"):find("a\0b", 1, true), ("a\0b"):match(".\0."):len(), ("\0\0\0"):gsub("%z", "z"), ("ab"):find("a\0b"))
--> a0b0c	1	3	zzz	nil
-- Greedy, lazy and single on sets.
print(("[[x]]"):match("%[*"), ("aXb"):match("[^X]*"), ("aXb"):match("[^X]-X"), ("abc"):match("[a-b]+"), ("abc"):match("[a-b]?c"), ("bbc"):match("[a-b]-c"))
--> [[	a	aX	ab	bc	bbc
