-- Escape sequences in short strings.
local function bytes(s) return table.concat({s:byte(1, -1)}, " ") end
print(bytes("\a\b\f\n\r\t\v\\\"\'")) --> 7 8 12 10 13 9 11 92 34 39
print(bytes("\65\066\0679")) --> 65 66 67 57
print(bytes("\0001\000\255")) --> 0 49 0 255
print(bytes("\x41\x7a\xFf\x00")) --> 65 122 255 0
print(bytes("\u{0}\u{7F}\u{80}\u{7FF}")) --> 0 127 194 128 223 191
print(bytes("\u{800}\u{FFFF}\u{10000}\u{10FFFF}")) --> 224 160 128 239 191 191 240 144 128 128 244 143 191 191
print(bytes("\u{1FFFFF}\u{200000}")) --> 247 191 191 191 248 136 128 128 128
print(bytes("\u{3FFFFFF}\u{4000000}")) --> 251 191 191 191 191 252 132 128 128 128 128
print(bytes("\u{7FFFFFFF}")) --> 253 191 191 191 191 191
print(bytes("\u{0000000041}")) --> 65
local skipped = #"\z
        abc\z   def\z

   ghi"
print(skipped) --> 9
print(bytes("a\z b")) --> 97 98
local broken = "a\
b"
print(bytes(broken)) --> 97 10 98
print('it\'s', "say \"hi\"", '"', "'") --> it's	say "hi"	"	'
print(#"\\n", #'\\\\') --> 2	2
print("tab\tend" == "tab\9end", "\x6Cua" == "lua") --> true	true

-- Rejected escapes; the text of the error names what was read.
local function syntax(source)
  local f, message = load(source, "=s")
  return f and "ok" or message
end
print(syntax([[return "\q"]])) --> s:1: invalid escape sequence near '"\q'
print(syntax([[return "\300"]])) --> s:1: decimal escape too large near '"\300"'
print(syntax([[return "\256x"]])) --> s:1: decimal escape too large near '"\256x'
print(syntax([[return "\xZZ"]])) --> s:1: hexadecimal digit expected near '"\xZ'
print(syntax([[return "\x4"]])) --> s:1: hexadecimal digit expected near '"\x4"'
print(syntax([[return "\x"]])) --> s:1: hexadecimal digit expected near '"\x"'
print(syntax([[return "\u41"]])) --> s:1: missing '{' near '"\u4'
print(syntax([[return "\u{}"]])) --> s:1: hexadecimal digit expected near '"\u{}'
print(syntax([[return "\u{41"]])) --> s:1: missing '}' near '"\u{41"'
print(syntax([[return "\u{80000000}"]])) --> s:1: UTF-8 value too large near '"\u{80000000'
print(syntax([[return "\u{G}"]])) --> s:1: hexadecimal digit expected near '"\u{G'
print(syntax('return "abc')) --> s:1: unfinished string near <eof>
print(syntax('return "abc\ndef"')) --> s:1: unfinished string near '"abc'
print(syntax("return 'abc\\")) --> s:1: unfinished string near <eof>
print(syntax("return 'a\\\n")) --> s:2: unfinished string near <eof>
print(syntax('return "\\z  ')) --> s:1: unfinished string near <eof>

-- A line break after a backslash counts once, whatever its form.
for _, nl in ipairs {"\n", "\r", "\r\n", "\n\r"} do
  local f = assert(load("return 'a\\" .. nl .. "b', debug.getinfo(1, 'l').currentline"))
  local s, line = f()
  assert(s == "a\nb" and line == 2)
end
print "line breaks agree" --> line breaks agree
