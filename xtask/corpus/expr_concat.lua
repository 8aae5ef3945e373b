-- Concatenation: numbers, right associativity, long chains, errors.
local function err(f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok)
  return (message:gsub("^[^:]+:%d+: ", ""))
end
print(1 .. 2, 1.5 .. "|" .. -0.0 .. "|" .. 2^63, "a" .. 1 // 1 .. 1 / 1) --> 12	1.5|-0.0|9.2233720368548e+18	a11.0
print("" .. "" == "", #("x" .. "" .. ""), 10 .. "") --> true	1	10
print(math.maxinteger .. "", math.mininteger .. "", 1e100 .. "", 1e15 .. "", 0.1 .. "")
--> 9223372036854775807	-9223372036854775808	1e+100	1e+15	0.1
local parts = {}
for i = 1, 30 do parts[i] = "p" .. i end
local chain = load("local t = ... return t[1]" .. (function()
  local s = {}
  for i = 2, 30 do s[#s + 1] = " .. t[" .. i .. "]" end
  return table.concat(s)
end)())
assert(chain(parts) == table.concat(parts))
-- The operands are evaluated left to right although joined from the right.
local log = {}
local function l(v) log[#log + 1] = v; return v end
local joined = l "a" .. l "b" .. l "c" .. l "d"
print(joined, table.concat(log, ",")) --> abcd	a,b,c,d
-- Metamethods get the partly joined right side.
local mt = {}
mt.__concat = function(a, b)
  local function s(v) return type(v) == "table" and v.name or "'" .. tostring(v) .. "'" end
  return setmetatable({name = "[" .. s(a) .. s(b) .. "]"}, mt)
end
local X = setmetatable({name = "X"}, mt)
print(("a" .. "b" .. X).name, (X .. "a" .. "b").name, ("a" .. X .. "b" .. "c").name) --> ['a'['b'X]]	[X'ab']	['a'[X'bc']]
print((1 .. 2 .. X .. 3 .. 4).name, (X .. X .. X).name) --> ['1'['2'[X'34']]]	[X[XX]]
mt.__concat = function(a, b) return 42 end
print(X .. "a", "a" .. X, X .. X .. "z", "p" .. X .. "q") --> 42	42	42	p42
mt.__concat = function() return nil end
print(X .. "a") --> nil
print(err(function() return 1 .. X .. "a" end)) --> attempt to concatenate a nil value (upvalue 'X')
mt.__concat = nil
local u
print(err(function() return "a" .. X end)) --> attempt to concatenate a table value (upvalue 'X')
print(err(function() return "a" .. nil end)) --> attempt to concatenate a nil value
print(err(function() return u .. "a" end)) --> attempt to concatenate a nil value (upvalue 'u')
print(err(function() return "a" .. {} .. "b" end)) --> attempt to concatenate a table value
print(err(function() return true .. "" end)) --> attempt to concatenate a boolean value
print(err(function() return undefinedglobal .. "x" end)) --> attempt to concatenate a nil value (global 'undefinedglobal')
print(err(function() return "x" .. X.field end)) --> attempt to concatenate a nil value (field 'field')
print(err(function() return "x" .. print end)) --> attempt to concatenate a function value (global 'print')
local long = ("y"):rep(60)
print(#(long .. long .. long), (long .. 1):sub(-3), ("z"):rep(39) .. "!" == ("z"):rep(39) .. "!") --> 180	yy1	true
