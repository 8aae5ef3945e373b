-- Methods of strings go through a cache of their own: what changes behind it must be seen at once.

local meta = getmetatable("")
local methods = meta.__index

local function length(text) return text:len() end
for i = 1, 100 do assert(length("four") == 4) end
local original = methods.len
methods.len = function() return "replaced" end
print(length("four")) --> replaced
methods.len = original

-- Another table in place of the library, one without the method, a function, nothing.
meta.__index = { len = function(text) return #text * 10 end }
print(length("four")) --> 40
meta.__index = setmetatable({}, { __index = methods })
print(length("four")) --> 4
meta.__index = function(text, key) return function() return text .. "." .. key end end
print(length("four")) --> four.len
meta.__index = nil
print(pcall(length, "four")) --> false	opt_string_methods.lua:6: attempt to index a string value (local 'text')
meta.__index = methods
print(length("four")) --> 4

-- The same instruction sees strings, tables and what has no such method.
local object = { len = function() return "own" end }
for _, value in ipairs { "text", object, "long " .. ("x"):rep(50), object } do
  io.write(tostring(length(value)), ";")
end
print() --> 4;own;55;own;

-- Strings of one byte are one object however they are made, and equal as keys.
local seen = {}
for byte = 0, 255 do
  local made = string.char(byte)
  seen[made] = byte
  assert(("a" .. made .. "b"):sub(2, 2) == made)
  assert(load("return '\\" .. string.format("%03d", byte) .. "'")() == made)
  assert(seen[table.concat { made }] == byte and rawequal(made, ("" .. made)))
end
local count = 0
for _ in pairs(seen) do count = count + 1 end
print(count) --> 256

-- Texts of all lengths around the longest that is changed without a frame; arguments that are no plain text or code.
local bytes = {}
for i = 0, 255 do bytes[i + 1] = string.char(i) end
local all = table.concat(bytes)
for length = 60, 70 do
  local text = ("aZ"):rep(length // 2) .. (length % 2 == 1 and "z" or "")
  assert(text:upper():find("^[AZ]+$") and text:lower():find("^[az]+$") and #text:upper() == length)
  assert(text:lower():upper() == text:upper() and text:upper():lower() == text:lower())
end
for i = 1, 193, 64 do assert(all:sub(i, i + 63):upper() == all:upper():sub(i, i + 63)) end
print((12 .. ""):upper(), ("aé"):upper(), (""):lower(), ("x"):upper(1, 2)) --> 12	Aé		X
print(pcall(string.upper)) --> false	bad argument #1 to 'string.upper' (string expected, got no value)
print(utf8.char(72), utf8.char(0x20AC), utf8.char("228"), utf8.char(), utf8.char(72, 105), #utf8.char(0x7FFFFFFF)) --> H	€	ä		Hi	6
print(pcall(utf8.char, -1), select("#", utf8.char(1.0))) --> false	1
