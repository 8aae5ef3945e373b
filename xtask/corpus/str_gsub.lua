-- gsub: replacement kinds, counts, captures, anchors, empty matches, errors.
print(("hello world"):gsub("o", "0"), ("hello"):gsub("l", "L", 1), ("hello"):gsub("l", "L", 0), ("hello"):gsub("l", "L", -1))
--> hell0 w0rld	heLlo	hello	hello	0
print(("hello"):gsub("", "-"), (""):gsub("", "x"), ("abc"):gsub(".", ""), ("abc"):gsub("b*", "x")) --> -h-e-l-l-o-	x		xaxcx	3
print(("abc"):gsub("%w", "%0%0"), ("abc"):gsub("(%w)(%w)", "%2%1"), ("x%y"):gsub("%%", "%%%%")) --> aabbcc	bac	x%%y	1
print(("hello world"):gsub("(o)", "[%1]"), ("abc"):gsub("%w", "%1"), ("abc def"):gsub("(%w+) (%w+)", "%2 %1 %0"))
--> hell[o] w[o]rld	abc	def abc abc def	1
print(("abc"):gsub("^a", "x"), ("aaa"):gsub("^a", "x"), ("abc"):gsub("c$", "x"), ("aaa"):gsub("a$", "x"), ("abc"):gsub("$", "!"))
--> xbc	xaa	abx	aax	abc!	1
print(("hello"):gsub("l", {l = "LL"}), ("hello"):gsub(".", {h = 1, e = false, o = 2.5}), ("$a $b"):gsub("%$(%w)", {a = "x"}))
--> heLLLLo	1ell2.5	x $b	2
print(("hello"):gsub("l", function(c) return c:upper() end), ("hello"):gsub(".", function() end), ("ab"):gsub(".", function(c) return c == "a" and 7 end))
--> heLLo	hello	7b	2
print(("abc"):gsub("()", "%1"), ("abc"):gsub("()(.)", function(p, c) return p .. c end)) --> 1a2b3c4	1a2b3c	3
print(("one two"):gsub("(%w)(%w*)", function(a, b) return a:upper() .. b end)) --> One Two	2
print(("a,b,,c"):gsub(",", ";"), ("a,b,,c"):gsub(",+", ";"), ("  x  "):gsub("^%s+", ""):gsub("%s", "_")) --> a;b;;c	a;b;c	x__	2
print(("abc"):gsub("b", "%%"), ("abc"):gsub("b", "a\0b") == "aa\0bc", ("a\0b"):gsub("%z", "0")) --> a%c	true	a0b	1
print(string.gsub(12321, 2, "x"), string.gsub("x1x", 1, 2.5), ("x"):gsub("x", 42)) --> 1x3x1	x2.5x	42	1
print(("hello hello"):gsub("hello", "x", 1.0), ("aaaa"):gsub("a", "b", "2")) --> x hello	bbaa	2
print(("abc"):gsub(".", setmetatable({}, {__index = function(_, k) return k .. k end}))) --> aabbcc	3
print(("abcd"):gsub("%w%w", "<%0>"), ("x = 1, y = 2"):gsub("(%w+) = (%w+)", "%2 = %1")) --> <ab><cd>	1 = x, 2 = y	2
print(("\n a\n b"):gsub("\n%s*", "|"), ("path/to/file"):gsub("[^/]+$", "other"), ("%d"):gsub("%%d", "%%s"))
--> |a|b	path/to/other	%s	1
-- The match at the end of a non-empty match is not taken as empty.
print(("abc"):gsub("%w*", "x"), ("a b c"):gsub("%w*", "x"), ("abc"):gsub(".-", "x"), ("  "):gsub(" *", "-")) --> x	x x x	xaxbxcx	-	1
local log = {}
local r = ("k1=v1;k2=v2"):gsub("(%w+)=(%w+)", function(...) log[#log + 1] = table.concat({...}, ":") end)
print(r, table.concat(log, " ")) --> k1=v1;k2=v2	k1:v1 k2:v2
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
print(err(string.gsub, "x", "x", "%2"), err(string.gsub, "x", "(x)", "%2"), err(string.gsub, "x", "x", "%a"))
--> invalid capture index %2	invalid capture index %2	invalid use of '%' in replacement string
print(err(string.gsub, "x", "x", "a%"), err(string.gsub, "x", "x"), err(string.gsub, "x", "x", true))
--> invalid use of '%' in replacement string	bad argument #3 to 'string.gsub' (string/function/table expected, got no value)	bad argument #3 to 'string.gsub' (string/function/table expected, got boolean)
print(err(string.gsub, "x", "x", {x = true}), err(string.gsub, "x", "x", function() return {} end))
--> invalid replacement value (a boolean)	invalid replacement value (a table)
print(err(string.gsub, "x", "x", function() return print end), err(string.gsub, "x", "(x", "y"))
--> invalid replacement value (a function)	y
print(err(string.gsub, "x", "x", "y", "z"), err(string.gsub, "x", "x", nil))
--> bad argument #4 to 'string.gsub' (number expected, got string)	bad argument #3 to 'string.gsub' (string/function/table expected, got nil)
print(err(string.gsub, "x", "x", function() error("from inside", 0) end)) --> from inside
print(err(string.gsub, "x", "x", setmetatable({}, {__index = function() error("from index", 0) end}))) --> from index
-- Recursion inside of the replacement.
local function expand(text, vars)
  return (text:gsub("%$(%w+)", function(name) return vars[name] and expand(vars[name], vars) end))
end
print(expand("a $x b $q", {x = "[$y $z]", y = "Y", z = "<$w>", w = "W"})) --> a [Y <W>] b $q
