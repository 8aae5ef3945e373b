-- find and match positions: init, plain, empty patterns, special characters.
print(("hello world"):find("o"), ("hello world"):find("o", 6)) --> 5	8	8
print(("hello world"):find("o w", 1, true), ("hello"):find("l+"), ("hello"):find("xyz")) --> 5	3	nil
print(("a.b"):find(".", 1, true), ("a.b"):find("."), ("a.b"):find("%.")) --> 2	1	2	2
print(("a+b"):find("+", 1, true), ("a+b"):find("a+b"), ("a+b"):find("a+b", 1, true)) --> 2	nil	1	3
print(("hello"):find(""), ("hello"):find("", 3), ("hello"):find("", 6), ("hello"):find("", 7), (""):find("")) --> 1	3	6	nil	1	0
print(("hello"):find("", 10), ("hello"):find("", -2), ("hello"):find("", -100), (""):find("", 1, true)) --> nil	4	1	1	0
print(("hello"):find("h", -5), ("hello"):find("h", -4), ("hello"):find("l", -2), ("hello"):find("o", 5), ("hello"):find("o", 6))
--> 1	nil	4	5	nil
print(("hello"):find("(l)(l)"), ("hello"):find("()ll()")) --> 3	3	4	3	5
print(("a\0b\0c"):find("\0", 3, true), ("a\0b"):find("%z"), ("a\0b"):find("\0b"), ("a\0b"):find("[\0]")) --> 4	2	2	2	2
print(("abcabc"):find("abc", 2), ("abcabc"):find("abc", 2, true), ("aaab"):find("aab", 1, true), ("abababc"):find("ababc", 1, true))
--> 4	4	2	3	7
print(("hello"):find("lo", 1, true), ("hello"):find("lo", 1, false), ("hello"):find("lo", 1, nil), ("a(b"):find("(", 1, 1))
--> 4	4	4	2	2
print(("x"):find("xx", 1, true), (""):find("x", 1, true), ("x"):find("x", 2, true), ("ab"):find("b", math.maxinteger))
--> nil	nil	nil	nil
print(("hello"):match("l+"), ("hello"):match("(h)(.)"), ("hello"):match("()"), ("hello"):match("", 10), ("hello"):match(".", -1))
--> ll	h	1	nil	o
print(("hello"):match("^ello", 2), ("hello"):find("^h", 2), ("hello"):find("^", 3), ("hello"):match("^$"), (""):match("^$") == "")
--> ello	nil	3	nil	true
print(("key = value"):match("^(%w+)%s*=%s*(%w+)$")) --> key	value
print(("2024-05-17"):match("(%d+)-(%d+)-(%d+)")) --> 2024	05	17
print(("  trim me  "):match("^%s*(.-)%s*$") .. "|", ("   "):match("^%s*(.-)%s*$") == "") --> trim me|	true
print(string.find(12321, 23), string.match(12.5, "%d+"), ("x1y2"):match("%d", 3)) --> 2	12	2
local text = ("ab"):rep(100) .. "c"
print(text:find("c", 1, true), text:find("bc"), text:find("abc", 1, true), text:find("ba", 199)) --> 201	200	199	nil
-- Only a pattern without specials takes the plain path; both must agree.
for _, needle in ipairs {"a", "ab", "bc", "abc", "ba", "abab", "babc", "z", "cb"} do
  for init = 1, 203, 40 do
    local p1, p2 = text:find(needle, init, true)
    local q1, q2 = text:find(needle:gsub("^.", "[%0]"), init)
    assert(p1 == q1 and p2 == q2)
  end
end
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
print(err(string.find, "x"), err(string.find), err(string.find, "x", "y", "z"), err(string.match, "x", {}))
--> bad argument #2 to 'string.find' (string expected, got no value)	bad argument #1 to 'string.find' (string expected, got no value)	bad argument #3 to 'string.find' (number expected, got string)	bad argument #2 to 'string.match' (string expected, got table)
