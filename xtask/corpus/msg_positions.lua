-- Lines in messages: multi-line expressions, calls, operators, functions, loops.
local function line(source, ...)
  local f = assert(load(source, "=c"))
  local ok, m = pcall(f, ...)
  return m
end
print(line("local t = nil\n\nreturn t.x")) --> c:3: attempt to index a nil value (local 't')
print(line("local t = {}\nlocal x = t.a\n  .b\n  .c")) --> c:3: attempt to index a nil value (field 'a')
print(line("local a = 1\nlocal b = a +\n  {}\nreturn b")) --> c:2: attempt to perform arithmetic on a table value
print(line("local a\nlocal s = 'x' ..\n'y' ..\na")) --> c:3: attempt to concatenate a nil value (local 'a')
print(line("f(\n1,\n2)")) --> c:1: attempt to call a nil value (global 'f')
print(line("local f\nf\n(\n1)")) --> c:3: attempt to call a nil value (local 'f')
print(line("local t = {}\nt.f(\n1,\n2\n)")) --> c:2: attempt to call a nil value (field 'f')
print(line("local t = {}\nt:m(\n1\n)")) --> c:2: attempt to call a nil value (method 'm')
print(line("error(\n'multi'\n)")) --> c:1: multi
print(line("local x = error\nx\n'string call'")) --> c:3: string call
print(line("return 1 < {}")) --> c:1: attempt to compare number with table
print(line("return\n1\n<\n{}")) --> c:4: attempt to compare number with table
print(line("if nil > 1\nthen end")) --> c:1: attempt to compare number with nil
print(line("while\n{} < 1\ndo end")) --> c:2: attempt to compare table with number
print(line("for i = 1,\n{} do\nend")) --> c:2: bad 'for' limit (number expected, got table)
print(line("for i = 1, 10,\n0 do\nend")) --> c:2: 'for' step is zero
print(line("for k in\n5 do\nend")) --> c:2: attempt to call a number value (for iterator 'for iterator')
print(line("local t = {\n1,\nx = nil + 1,\n3}")) --> c:3: attempt to perform arithmetic on a nil value
print(line("local function f()\n  local x = nil\n  return x()\nend\nf()")) --> c:3: attempt to call a nil value (local 'x')
print(line("local function f()\n  error('level 2', 2)\nend\n\nf()")) --> c:5: level 2
print(line("return function() end\n+\n1")) --> c:2: attempt to perform arithmetic on a function value
print(line("return -\n{}")) --> c:1: attempt to perform arithmetic on a table value
print(line("local a = {}\na.b.c\n= 1")) --> c:3: attempt to index a nil value (field 'b')
print(line("local a = {}\na\n.b\n.c = 1")) --> c:4: attempt to index a nil value (field 'b')
print(line("return #\nnil")) --> c:1: attempt to get length of a nil value
print(line("return 1\n// 0")) --> c:2: attempt to divide by zero
print(line("local x <close> =\n5")) --> c:2: variable 'x' got a non-closable value
print(line("goto l\n::l::\nerror('after label')")) --> c:3: after label
print(line("repeat\nlocal x\nuntil x.y")) --> c:3: attempt to index a nil value (local 'x')
print(line("return (nil)\n[1]")) --> c:2: attempt to index a nil value
print(line("local s = 'a\\\nb'\nerror('after escaped newline')")) --> c:3: after escaped newline
print(line("local s = [[\n\n]]\nerror('after long string')")) --> c:4: after long string
print(line("--[[\n\n]]error('after long comment')")) --> c:3: after long comment
print(line("\r\nerror('crlf')")) --> c:2: crlf
print(line("\r\rerror('cr')")) --> c:3: cr
print(line("\n\r\n\rerror('lfcr')")) --> c:3: lfcr
print(line("local t = setmetatable({}, {__index = function(t, k)\nerror('in index')\nend})\nreturn t.x")) --> c:2: in index
print(line("local t = setmetatable({}, {__index = function(t, k)\nerror('blames the access', 2)\nend})\n\nreturn t.x"))
--> c:5: blames the access
print(line("local a, b, c = 1, 2\nlocal d = a\n + b\n * c")) --> c:4: attempt to perform arithmetic on a nil value (local 'c')
print(line("return coroutine.wrap(function()\nerror('in wrap')\nend)()")) --> c:3: c:2: in wrap
print(line("local x = 5; local y = x\n.z\n.w")) --> c:2: attempt to index a number value (local 'x')
print(line("return (...)\n.x.y", {})) --> c:2: attempt to index a nil value (field 'x')
print(line(("\n"):rep(300) .. "error('line 301')")) --> c:301: line 301
print(line("local x = 1 " .. ("\n"):rep(130) .. "; local y = x.a.b")) --> c:131: attempt to index a number value (local 'x')
print(line("error()"), line("error(nil, 2)"), line("error({}, 1)") ~= nil, line("assert(false, 'no position')"), line("assert(nil)"))
--> nil	nil	true	c:1: no position	c:1: assertion failed!
print(line("string.rep()"), line("('x'):rep(\n\n{})"), line("return math.floor(\n{}\n)"))
--> c:1: bad argument #1 to 'rep' (string expected, got no value)	c:1: bad argument #1 to 'rep' (number expected, got table)	c:1: bad argument #1 to 'floor' (number expected, got table)
