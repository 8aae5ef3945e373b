-- Captures: nested, position, back references, alternation by hand, limits.
print(("key=val"):match("((%w+)=(%w+))"), ("abc"):match("(a(b(c)))"), ("abc"):match("()a()b()c()")) --> key=val	abc	1	2	3	4
print(("abab"):match("(ab)%1"), ("aXbX"):match("a(.)b%1"), ("aXbY"):match("a(.)b%1"), ([["it's"]]):match([[(["'])(.-)%1]]))
--> ab	X	nil	"	it's
print(("abcabc"):match("^(.+)%1$"), ("aaaaaa"):match("^(aa+)%1+$"), ("aaaaaaa"):match("^(aa+)%1+$")) --> abc	nil	nil
print(("hello"):match("(l)(l)(o)"), ("x"):match("(x?)(y?)"), ("x"):match("(y*)()"), (""):match("()()")) --> l	x		1	1
print(("((a))"):match("%((%((.)%))%)"), ("tag</tag>"):match("(%w+)</%1>"), ("<b>x</b>"):match("<(%w+)>(.-)</%1>")) --> (a)	tag	b	x
print(("f(a,b)"):match("^(%w+)(%b())$"), ("x = {1, {2}}"):match("(%b{})"), ("x"):match("(((((x)))))")) --> f	{1, {2}}	x	x	x	x	x
print(("  k  :  v  "):match("^%s*(.-)%s*:%s*(.-)%s*$")) --> k	v
print(("10:20:30"):match("(%d+):(%d+):(%d+)"), select("#", ("abc"):match("(.)(.)(.)")), select("#", ("abc"):match("..."))) --> 10	3	1
local max = ("(.)"):rep(32)
local s = ("abcdefgh"):rep(4)
print(select("#", s:match(max)), select(32, s:match(max)), select("#", s:find(max))) --> 32	h	34
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
print(err(string.match, s .. "x", ("(.)"):rep(33))) --> too many captures
print(err(string.match, "x", "%0")); print(err(string.match, "x", "(x)%9")); print(err(string.match, "xx", "(x)(%2)"))
--> invalid capture index %0
--> invalid capture index %9
--> invalid capture index %2
print(err(string.gsub, "x", "(x)", "%3")); print(err(string.match, "x", "(()")); print(err(string.match, "x", ")"))
--> invalid capture index %3
--> unfinished capture
--> invalid pattern capture
-- Backtracking over several quantifiers.
print(("aaaab"):match("a*ab"), ("aaaa"):match("(a*)(a*)(a+)"), ("aaaa"):match("(a-)(a-)(a*)"), ("aaaa"):match("(a?)(a?)(a?)(a?)a()"))
--> aaaab	aaa		a	a	a		5
print(("xaxbxc"):match("(.*)x(.*)"), ("xaxbxc"):match("(.-)x(.*)"), ("xaxbxc"):match("(.*)x(.-)$"), ("foo.bar.lua"):match("^(.+)%.(.+)$"))
--> xaxb		xaxb	foo.bar	lua
print(("/usr/lib/x.so"):match("^(.*/)([^/]*)%.(%w+)$"), ("a=b=c"):match("(.-)=(.*)"), ("a=b=c"):match("(.*)=(.*)"))
--> /usr/lib/	a	a=b	c
print(("%d+x"):match("%%d%+"), ("1e-5"):match("^[+-]?%d+%.?%d*[eE]?[+-]?%d*$"), ("--[==[x]==]"):match("%-%-%[(=*)%[(.-)%]%1%]"))
--> %d+	1e-5	==	x
-- A position capture is an integer in every use of the result.
local p, w, q = ("say word"):match("()(%a+)()$")
print(p, w, q, math.type(p), p + q) --> 5	word	9	integer	14
print(("abc"):gsub("()", {[1] = "<", [4] = ">"}), ("abc"):gsub("()b()", "%1%2")) --> <abc>	a23c	1
for a, b, c in ("k1=v1 k2=v2"):gmatch("()(%w+)=(%w+)") do assert(a == 1 and b == "k1" or a == 7 and c == "v2") end
-- Patterns that take many steps stay cheap when they fail early.
local long = ("a"):rep(500)
print(long:match("^a-b"), #long:match("^(a*)$"), long:find("b"), #long:match(".-$"), long:match("^.-(a)$")) --> nil	500	nil	500	a
