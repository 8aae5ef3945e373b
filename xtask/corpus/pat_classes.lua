-- Character classes over all 256 bytes, counted; sets, ranges, complements.
local function count(p)
  local n = 0
  for i = 0, 255 do if string.char(i):find(p) then n = n + 1 end end
  return n
end
local function row(...)
  local out = {}
  for _, p in ipairs {...} do out[#out + 1] = p:gsub("[^\32-\126]", function(c) return "<" .. c:byte() .. ">" end) .. "=" .. count(p) end
  print(table.concat(out, " "))
end
row("%a", "%c", "%d", "%g", "%l", "%p", "%s", "%u", "%w", "%x") --> %a=52 %c=33 %d=10 %g=94 %l=26 %p=32 %s=6 %u=26 %w=62 %x=22
row("%A", "%C", "%D", "%G", "%L", "%P", "%S", "%U", "%W", "%X")
--> %A=204 %C=223 %D=246 %G=162 %L=230 %P=224 %S=250 %U=230 %W=194 %X=234
row(".", "%.", "[%a]", "[^%a]", "[%a%d]", "[^%a%d]", "[%W]", "[^%W]", "[%a_]", "[^%s%p]")
--> .=256 %.=1 [%a]=52 [^%a]=204 [%a%d]=62 [^%a%d]=194 [%W]=194 [^%W]=62 [%a_]=53 [^%s%p]=218
row("[a-z]", "[^a-z]", "[a-zA-Z0-9]", "[z-a]", "[a-]", "[-a]", "[a%-z]", "[%a-z]", "[]]", "[^]]", "[]-a]", "[a-c-e]")
--> [a-z]=26 [^a-z]=230 [a-zA-Z0-9]=62 [z-a]=0 [a-]=2 [-a]=2 [a%-z]=3 [%a-z]=53 []]=1 [^]]=255 []-a]=5 [a-c-e]=5
row("[%]]", "[%[]", "[[]", "[^^]", "[%^]", "[a^]", "[.]", "[%.]", "[*+?-]", "[$]", "[%%]", "[\1-\31]", "[\128-\255]")
--> [%]]=1 [%[]=1 [[]=1 [^^]=255 [%^]=1 [a^]=2 [.]=1 [%.]=1 [*+?-]=4 [$]=1 [%%]=1 [<1>-<31>]=31 [<128>-<255>]=128
row("%z", "[%z]", "\0", "[\0-\255]", "[^\0]", "[\0a]") --> %z=1 [%z]=1 <0>=1 [<0>-<255>]=256 [^<0>]=255 [<0>a]=2
local function m(s, p) return tostring((s:match(p))) end
print(m("x]y", "[]]"), m("a-z", "[a%-]+"), m("a^b", "[b^]+"), m("[x]", "%[(.-)%]"), m("$5", "%$%d")) --> ]	a-	^b	x	$5
print(m("abc123", "%a+"), m("abc123", "%d+"), m("abc_1 x", "[%w_]+"), m("\t\n x", "%S"), m("Abc", "%u%l+"), m("0xFfg", "%x+", 3))
--> abc	123	abc_1	x	Abc	0
print(m("hello.", "%p"), m("a b\tc", "%s%w"), m("end", "[e][n][d]"), m("x-y", "x[+-]y"), m("x+y", "x[+-]y")) --> .	 b	end	x-y	x+y
print(m("aaa", "a-"), m("aaab", "a-b"), m("aaa", "a*"), m("aaa", "a+"), m("aaa", "a?"), m("baaa", "^b*")) --> 	aaab	aaa	aaa	a	b
print(m("[[x]]", "%[%[.*%]%]"), m("f(a(b)c)d", "%b()"), m("f(a(b)c", "%b()"), m("if (x) end", "%b(e"), m("''", "%b''"))
--> [[x]]	(a(b)c)	(b)	(x) e	''
print(m("THE (quick) fox", "%f[%a]%a+%f[%A]"), m("x", "%f[%z]"), m("x", "x%f[\0]"), m("hello", "%f[%w]l"), (("THE (quick) fox"):find("%f[%a]%l+")))
--> THE		x	nil	6
print(("one;two"):find("%f[%w]%w+", 2), (" word"):find("%f[%w]"), ("word"):find("%f[%W]"), (""):find("%f[%z]")) --> 5	2	5	nil
-- Classes that are not letters stand for themselves.
print(m("a|b", "%|"), m("<a>", "%<%a%>"), m("~", "%~"), m("\xe9", "%\xe9") == "\xe9", m("_", "%_"), m("#", "%#")) --> |	<a>	~	true	_	#
local function err(f, ...)
  local ok, message = pcall(f, ...)
  return ok and "ok" or (message:gsub("^[^:]+:%d+: ", ""))
end
print(err(string.find, "a", "[a"), err(string.find, "a", "[]"), err(string.find, "a", "[^]"))
--> malformed pattern (missing ']')	malformed pattern (missing ']')	malformed pattern (missing ']')
print(err(string.find, "a", "[a%"), err(string.find, "a", "%"), err(string.find, "a", "(a"))
--> malformed pattern (missing ']')	malformed pattern (ends with '%')	unfinished capture
print(err(string.find, "a", "a)"), err(string.find, "a", "%f"), err(string.find, "a", "%fa"))
--> ok	missing '[' after '%f' in pattern	missing '[' after '%f' in pattern
print(err(string.find, "a", "%b"), err(string.find, "a", "%bx"), err(string.find, "a", "%1"))
--> malformed pattern (missing arguments to '%b')	malformed pattern (missing arguments to '%b')	invalid capture index %1
print(err(string.find, "a", "(a)%2"), err(string.find, "aa", "(a%1)"), err(string.find, "a", "[%a-"))
--> invalid capture index %2	invalid capture index %1	malformed pattern (missing ']')
print(("[a"):find("[[]a"), ("a%"):find("%%"), ("ab"):find("b()"), ("a"):find("b)"), err(string.find, "b", "b)")) --> 1	2	2	nil	ok
