-- First-line comment of files, byte order mark, and sources in odd shapes.
local name = os.tmpname()
local function try(text, mode)
  local f = assert(io.open(name, "wb"))
  f:write(text)
  f:close()
  local chunk, message = loadfile(name, mode)
  if not chunk then return (message:gsub("^.-: *", "")) end
  local function results(...) return select('#', ...), ... end
  return results(chunk())
end
print(try("#!/usr/bin/lua\nreturn debug.getinfo(1, 'l').currentline")) --> 1	2
print(try("# any text\nreturn 1")) --> 1	1
print(try("#only a comment")) --> 0
print(try("#")) --> 0
print(try("")) --> 0
print(try("\xEF\xBB\xBFreturn 'bom'")) --> 1	bom
print(try("\xEF\xBB\xBF#!lua\nreturn 'bom and comment'")) --> 1	bom and comment
print(try("\xEF\xBBreturn 1")) --> 1: unexpected symbol near '<\239>'
print(try("\n#!lua\nreturn 1")) --> 2: unexpected symbol near '#'
print(try("return 1, 2, 3")) --> 3	1	2	3
print(try("return 1", "b")) --> attempt to load a text chunk (mode is 'b')
print(try("return 'text'", "t")) --> 1	text
print(try("#!lua\n\27Lua")) --> bad binary format (truncated chunk)
os.remove(name)
-- load() of a string knows neither.
print(load("#!x\nreturn 1", "=s")) --> nil	s:1: unexpected symbol near '#'
print(load("\xEF\xBB\xBFreturn 1", "=s")) --> nil	s:1: unexpected symbol near '<\239>'

-- Chunks without a final line break, with carriage returns, with only blanks.
assert(load("return 1 -- no newline")() == 1)
assert(load("-- c\rreturn 2")() == 2)
assert(load("return\t3\v\f;")() == 3)
assert(load("")() == nil)
assert(load(";;;")() == nil)
assert(load(" \n\r\n\t ")() == nil)
local lines = load("\r\n\n\r\r\n\n return debug.getinfo(1, 'l').currentline")()
print(lines) --> 5
