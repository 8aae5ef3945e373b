-- Syntax errors: position and the token that they name.
local function syntax(source)
  local f, message = load(source, "=s")
  return f and "ok" or message
end
print(syntax("for i = 1 do end")) --> s:1: ',' expected near 'do'
print(syntax("for i = 1, 2, 3, 4 do end")) --> s:1: 'do' expected near ','
print(syntax("for i in do end")) --> s:1: unexpected symbol near 'do'
print(syntax("for i, 2 in x do end")) --> s:1: <name> expected near '2'
print(syntax("for 1 = 2, 3 do end")) --> s:1: <name> expected near '1'
print(syntax("for i, j = 1, 2 do end")) --> s:1: 'in' expected near '='
print(syntax("if x then")) --> s:1: 'end' expected near <eof>
print(syntax("if x\nthen y = 1\nelse\n\n")) --> s:5: 'end' expected (to close 'if' at line 1) near <eof>
print(syntax("while x do y = 1")) --> s:1: 'end' expected near <eof>
print(syntax("repeat x = 1")) --> s:1: 'until' expected near <eof>
print(syntax("\n\nfunction f(\n")) --> s:4: <name> or '...' expected near <eof>
print(syntax("function f(a,) end")) --> s:1: <name> or '...' expected near ')'
print(syntax("function f(..., a) end")) --> s:1: ')' expected near ','
print(syntax("function f(a b) end")) --> s:1: ')' expected near 'b'
print(syntax("function f.1() end")) --> s:1: '(' expected near '.1'
print(syntax("function f:a.b() end")) --> s:1: '(' expected near '.'
print(syntax("function f:a:b() end")) --> s:1: '(' expected near ':'
print(syntax("local function t.f() end")) --> s:1: '(' expected near '.'
print(syntax("function () end")) --> s:1: <name> expected near '('
print(syntax("x = function f() end")) --> s:1: '(' expected near 'f'
print(syntax("t = {1, 2")) --> s:1: '}' expected near <eof>
print(syntax("t = {\n1,\n2\n")) --> s:4: '}' expected (to close '{' at line 1) near <eof>
print(syntax("t = {a b}")) --> s:1: '}' expected near 'b'
print(syntax("t = {[1 = 2}")) --> s:1: ']' expected near '='
print(syntax("t = {[] = 2}")) --> s:1: unexpected symbol near ']'
print(syntax("f(1, 2")) --> s:1: ')' expected near <eof>
print(syntax("f(\n\n1, 2\n")) --> s:4: ')' expected (to close '(' at line 1) near <eof>
print(syntax("f(1,)")) --> s:1: unexpected symbol near ')'
print(syntax("x = (1 + 2")) --> s:1: ')' expected near <eof>
print(syntax("x = 1 +")) --> s:1: unexpected symbol near <eof>
print(syntax("x = * 2")) --> s:1: unexpected symbol near '*'
print(syntax("x = ")) --> s:1: unexpected symbol near <eof>
print(syntax("x = 1 y 2")) --> s:1: syntax error near '2'
print(syntax("return 1 2")) --> s:1: <eof> expected near '2'
print(syntax("return return")) --> s:1: unexpected symbol near 'return'
print(syntax("return 1; x = 2")) --> s:1: <eof> expected near 'x'
print(syntax("do return end x = 1 end")) --> s:1: <eof> expected near 'end'
print(syntax("end")) --> s:1: <eof> expected near 'end'
print(syntax("else")) --> s:1: <eof> expected near 'else'
print(syntax("until x")) --> s:1: <eof> expected near 'until'
print(syntax("local x <")) --> s:1: <name> expected near <eof>
print(syntax("local x <1>")) --> s:1: <name> expected near '1'
print(syntax("local 1")) --> s:1: <name> expected near '1'
print(syntax("local x = ")) --> s:1: unexpected symbol near <eof>
print(syntax("goto")) --> s:1: <name> expected near <eof>
print(syntax("goto 1")) --> s:1: <name> expected near '1'
print(syntax("::x:")) --> s:1: '::' expected near ':'
print(syntax("::1::")) --> s:1: <name> expected near '1'
print(syntax("break")) --> s:1: break outside loop at line 1
print(syntax("goto nowhere")) --> s:1: no visible label 'nowhere' for <goto> at line 1
print(syntax("::a:: ::a::")) --> s:1: label 'a' already defined on line 1
print(syntax("x = ..."), syntax("function f() return ... end")) --> ok	s:1: cannot use '...' outside a vararg function near '...'
print(syntax("a.1 = 2")) --> s:1: syntax error near '.1'
print(syntax("a:b")) --> s:1: function arguments expected near <eof>
print(syntax("a:b.c()")) --> s:1: function arguments expected near '.'
print(syntax("x = 'long string near here' 'again'")) --> s:1: unexpected symbol near ''again''
print(syntax("x = [[long\nstring]] [[more\nlines]]"))
--> s:3: unexpected symbol near '[[more
--> lines]]'
print(syntax("x = 12345.678 9")) --> s:1: unexpected symbol near '9'
