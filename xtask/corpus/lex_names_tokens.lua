-- Names, keywords, operators and the maximal munch of tokens.
local _, a1, _b, A, Ab_9, end_ = 1, 2, 3, 4, 5, 6
print(_, a1, _b, A, Ab_9, end_) --> 1	2	3	4	5	6
local And, OR, Not = "And", "OR", "Not" -- case matters
print(And, OR, Not) --> And	OR	Not
local long_name_that_has_more_than_forty_characters_in_it_so_it_is_a_long_string = 7
print(long_name_that_has_more_than_forty_characters_in_it_so_it_is_a_long_string) --> 7
local t = {["end"] = 1, ["while"] = 2, x = {y = 3}}
print(t["end"], t["while"], t.x.y, t . x . y, t --> 1	2	3	3	3
  .x
  .y)
print(1 ~= 2, 1 == 1, 7 // 2, 1 << 2 >> 1, ~0, 5 ~ 3) --> true	true	3	2	-1	6
print("a" .. "b" .. 1 .. 2) --> ab12
local function count(...) return select("#", ...) end
print(count(...), count(nil, nil), count()) --> 0	2	0
goto done; ;;; ; ::unused::
::done::
print(#"abc", - -3, not not nil, -2 ^ 2) --> 3	3	false	-4.0
do local a <const>, b <close> = 1, nil print(a, b) end --> 1	nil

local function syntax(source)
  local f, message = load(source, "=s")
  return f and "ok" or message
end
for _, keyword in ipairs {"and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in",
                          "local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while"} do
  assert(not load("local " .. keyword .. " = 1"), keyword)
  assert(not load("return t." .. keyword), keyword)
  assert(load("return t." .. keyword .. "_"), keyword)
end
print(syntax("local end = 1")) --> s:1: <name> expected near 'end'
print(syntax("return t.while")) --> s:1: <name> expected near 'while'
print(syntax("x = @")) --> s:1: unexpected symbol near '@'
print(syntax("x = $y")) --> s:1: unexpected symbol near '$'
print(syntax("x = a ! b")) --> s:1: unexpected symbol near '!'
print(syntax("x = a ? b")) --> s:1: unexpected symbol near '?'
print(syntax("x = `a`")) --> s:1: unexpected symbol near '`'
print(syntax("x = \\y")) --> s:1: unexpected symbol near '\'
print(syntax("x = 1 != 2")) --> s:1: unexpected symbol near '!'
print(syntax("x = \1")) --> s:1: unexpected symbol near '<\1>'
print(syntax("x = \127")) --> s:1: unexpected symbol near '<\127>'
print(syntax("x = caf\xc3\xa9")) --> s:1: unexpected symbol near '<\195>'
print(syntax("x += 1")) --> s:1: syntax error near '+'
print(syntax("x = ~")) --> s:1: unexpected symbol near <eof>
print(syntax("::a:: b")) --> s:1: syntax error near <eof>
print(syntax("local a <const> = 1; a = 2")) --> s:1: attempt to assign to const variable 'a'
print(syntax("local a <constant> = 1")) --> s:1: unknown attribute 'constant'
print(syntax("local a<const>=1")) --> s:1: '>' expected near '>='
print(syntax("local a <close>, b <close> = 1, 2")) --> s:1: multiple to-be-closed variables in local list
print(syntax("a.b:c = 1")) --> s:1: function arguments expected near '='
print(syntax("f() = 1")) --> s:1: syntax error near '='
print(syntax("(a) = 1")) --> s:1: syntax error near '='
print(syntax("a")) --> s:1: syntax error near <eof>
print(syntax("a, b")) --> s:1: '=' expected near <eof>
print(syntax("'x'")) --> s:1: unexpected symbol near ''x''
