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
