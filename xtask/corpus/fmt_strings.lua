-- string.format with %s, %c, %p, %%: widths, precisions, metamethods, errors.
local f = string.format
local function err(...)
  local ok, message = pcall(f, ...)
  return ok and "ok" or (message:gsub("^[^:]+:%d+: ", ""))
end
print(f("%s %s %s %s", 1, 1.5, "x", true), f("%s", nil), f("%s|%s", "a", "b"), f(""), f("no directives"), "|")
--> 1 1.5 x true	nil	a|b		no directives	|
print(f("[%5s] [%-5s] [%.2s] [%5.1s] [%-6.3s] [%.0s] [%.s]", "abc", "abc", "abc", "abc", "abcdef", "abc", "abc"))
--> [  abc] [abc  ] [ab] [    a] [abc   ] [] []
local meta = setmetatable({}, {__tostring = function() return "meta text" end})
print(f("%s", meta), f("[%12s]", meta), f("[%-12s]", meta), f("[%.4s]", meta), f("%s%s", meta, meta))
--> meta text	[   meta text]	[meta text   ]	[meta]	meta textmeta text
print(f("%s", setmetatable({}, {__name = "Kind"})):match("^Kind: ") ~= nil, f("%s", print):match("^function") ~= nil) --> true	true
print(f("%c%c%c", 76, 117, 97), #f("%c", 0), f("[%5c]", 65), f("[%-5c]", 65), f("%%"), f("100%%|%d%%", 5))
--> Lua	1	[    A]	[A    ]	%	100%|5%
print(f("%s", ("x"):rep(200)):len(), f("%99s", "x"):len(), f("%-99s|", "x"):len(), f("%s", "a\0b"):len(), f("a\0%sb", "x"):len(), f("%.20s", ("y"):rep(150)))
--> 200	99	100	3	4	yyyyyyyyyyyyyyyyyyyy
print(f("%5s|%5s|%-5s|%5s", 1, true, nil, 1.5), f("%s", -0.0), f("%s", 2^63), f("%.3s", 123456))
-->     1| true|nil  |  1.5	-0.0	9.2233720368548e+18	123
print(f("%i|%5.1f|%s|%x", 3, 2.25, "s", 255), f("%s %s", 1, 2, 3), (f("%s", "%d"))) --> 3|  2.2|s|ff	1 2	%d
print(("%s=%s"):format("k", "v"), ("%d"):format(5), ("%-10s|"):rep(2):format("a", "b")) --> k=v	5	a         |b         |
local log1, log2 = {}, {}
print(f("%p", 1), f("%p", nil), f("%p", true), f("%p", "short") == f("%p", "short"), f("%p", log1) ~= f("%p", log2), f("%p", print) == f("%p", print))
--> (null)	(null)	(null)	true	true	true
local t = {}
print(f("%p", t) == tostring(t):match("0x%x+") or tostring(t):find(f("%p", t), 1, true) ~= nil, #f("%40p", t), #f("%-40p", t))
--> true	40	40
print(err("%s"), err("%s %s", 1), err("%5.200s", "x"), err("%200s", "x"), err("%#s", "x"), err("%0s", "x"), err("%+s", "x"))
--> bad argument #2 to 'string.format' (no value)	bad argument #3 to 'string.format' (no value)	invalid conversion specification: '%5.200s'	invalid conversion specification: '%200s'	invalid conversion specification: '%#s'	invalid conversion specification: '%0s'	invalid conversion specification: '%+s'
print(err("%5s", "a\0b"), err("%s", "a\0b"), err("%10s", ("x"):rep(200)), err("%.5s", "abc\0defgh"))
--> bad argument #2 to 'string.format' (string contains zeros)	ok	ok	bad argument #2 to 'string.format' (string contains zeros)
print(err("%c", "x"), err("%c", 1.5), err("%c"), err("%.3c", 65), err("%0c", 65), err("%5.2p", {}), err("%p"))
--> bad argument #2 to 'string.format' (number expected, got string)	bad argument #2 to 'string.format' (number has no integer representation)	bad argument #2 to 'string.format' (no value)	invalid conversion specification: '%.3c'	invalid conversion specification: '%0c'	invalid conversion specification: '%5.2p'	bad argument #2 to 'string.format' (no value)
print(err("%"), err("abc%"), err("%k", 1), err("%S", 1), err("%n", 1), err("%l", 1), err("% s", 1), err("%-", 1))
--> bad argument #2 to 'string.format' (no value)	bad argument #2 to 'string.format' (no value)	invalid conversion '%k' to 'format'	invalid conversion '%S' to 'format'	invalid conversion '%n' to 'format'	invalid conversion '%l' to 'format'	invalid conversion specification: '% s'	invalid conversion '%-' to 'format'
print(err("%1234567890s", 1), err("%.s%", 1), err("%...", 1), err("%-----------------------------s", 1), err(nil), err({}), err())
--> invalid conversion specification: '%1234567890s'	bad argument #3 to 'string.format' (no value)	invalid conversion '%...' to 'format'	invalid format (too long)	bad argument #1 to 'string.format' (string expected, got nil)	bad argument #1 to 'string.format' (string expected, got table)	bad argument #1 to 'string.format' (string expected, got no value)
print(f(123), f(1.5), select("#", f("%s", 1))) --> 123	1.5	1
-- Arguments are converted one at a time, in order.
local log = {}
local function noisy(name) return setmetatable({}, {__tostring = function() log[#log + 1] = name; return name end}) end
print(f("%s-%s-%s", noisy "a", noisy "b", noisy "c"), table.concat(log)) --> a-b-c	abc
print(err("%s%d", noisy "d", "x"), table.concat(log)) --> bad argument #3 to 'string.format' (number expected, got string)	abcd
-- A long result built of many parts.
local parts = {}
for i = 1, 50 do parts[i] = "%s" end
local values = {}
for i = 1, 50 do values[i] = i end
print(f(table.concat(parts, ","), table.unpack(values)))
--> 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50
