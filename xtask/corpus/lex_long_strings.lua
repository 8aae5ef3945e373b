-- Long brackets: levels, first line break, line-break normalisation, nesting.
local first = [[
first line break is dropped]]
print(first) --> first line break is dropped
local second = [[

x]]
print(#second) --> 2
print([==[a]]b]=]c]==]) --> a]]b]=]c
print([[a\nb\z]]) --> a\nb\z
local only = [[
]]
print(#[[]], #[==[]==], #only) --> 0	0	0
local s = [[one
two
three]]
print(s:gsub("\n", "|")) --> one|two|three	2
print([=[[[inner]]]=]) --> [[inner]]
print(#[[ ]=] ]]) --> 5
print(type [[call]], #[[]] + 1) --> string	1

-- Inside of a long string every form of line break reads as \n.
local function quoted(text) return (text:gsub("\r", "<cr>"):gsub("\n", "<lf>")) end
for _, nl in ipairs {"\n", "\r", "\r\n", "\n\r"} do
  local chunk = "return [[" .. nl .. "a" .. nl .. nl .. "b" .. nl .. "]]"
  assert(quoted(load(chunk)()) == "a<lf><lf>b<lf>")
end
print(quoted(load("return [[\r\r\nx]]")())) --> <lf>x

-- Escapes mean nothing in them, zero bytes are kept.
local zero = load("return [[a\0b]]")()
print(#zero, zero:byte(2)) --> 3	0

-- Comments of both kinds.
--[[ a
long comment print("no") ]]
--[==[ another ]] still ]=] inside
]==]
---[[ a line comment
print "after comments" --> after comments
--]]
--[=x this is a short comment
local sum = 1 --[[inline]] + --[=[ two ]=] 2
print(sum) --> 3

local function syntax(source)
  local f, message = load(source, "=s")
  return f and "ok" or message
end
print(syntax("return [[abc")) --> s:1: unfinished long string (starting at line 1) near <eof>
print(syntax("\n\nreturn [==[abc]]\n]=]")) --> s:4: unfinished long string (starting at line 3) near <eof>
print(syntax("--[[ never closed\n\n")) --> s:3: unfinished long comment (starting at line 1) near <eof>
print(syntax("return [=abc")) --> s:1: invalid long string delimiter near '[='
print(syntax("return [===")) --> s:1: invalid long string delimiter near '[==='
print(syntax("return [=")) --> s:1: invalid long string delimiter near '[='
print(syntax("--[==[ ]] ")) --> s:1: unfinished long comment (starting at line 1) near <eof>
print(syntax("return [[a]]]")) --> s:1: <eof> expected near ']'
print(syntax("--[==  fine")) --> ok
