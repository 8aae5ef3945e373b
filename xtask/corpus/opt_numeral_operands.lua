-- Arithmetic on numerals without a frame: what the string metatable says counts at every moment.
local function try(f, ...) local r = table.pack(pcall(f, ...)); if not r[1] then r[2] = tostring(r[2]):gsub('^[^:]+:%d+: ', '') end return table.unpack(r, 1, r.n) end
local strings = getmetatable("")
local function sums(s) local t = {}; for i = 1, 3 do t[i] = s + i end; return table.concat(t, " ") end
print(sums("10"), sums("0x10"), sums(" 1.5 "), sums("1e1")) --> 11 12 13	17 18 19	2.5 3.5 4.5	11.0 12.0 13.0
print("7" // "2", "7" % "-3", "7" / "2", "2" ^ "3", "6" * "7", "5" - 1, -"3", -"-3.5", - "0x7fffffffffffffff") --> 3	-2	3.5	8.0	42	4	-3	3.5	-9223372036854775807
print("9223372036854775807" + 1, "9223372036854775808" + 0, 1 + "123456789012345678", "-0" + 0, -"0", 0 * "-1.0") --> -9223372036854775808	9.2233720368548e+18	123456789012345679	0	0	-0.0
print(try(function() return "1" // 0 end)) --> false	attempt to divide by zero
print(try(function() return "1" % "0" end)) --> false	attempt to perform 'n%0'
print(try(function() return "x" + 1 end)) --> false	attempt to add a 'string' with a 'number'
print(try(function() return {} + "1" end)) --> false	attempt to add a 'table' with a 'string'
print(try(function() return "1" + {} end)) --> false	attempt to add a 'string' with a 'table'
print(try(function() return "" + 1 end)) --> false	attempt to add a 'string' with a 'number'
-- A table's own handler comes in its turn.
local t = setmetatable({}, { __add = function(a, b) return type(a) .. type(b) end })
print("10" + t, t + "10", "x" + t) --> stringtable	tablestring	stringtable
-- The handlers are replaced in the middle of a loop, by Lua functions, other library functions, nothing.
local add, r = strings.__add, {}
for i = 1, 6 do
  if i == 2 then strings.__add = function(a, b) return "mine " .. a .. b end end
  if i == 3 then strings.__add = math.max end
  if i == 4 then strings.__add = rawequal end
  if i == 5 then strings.__add = nil end
  if i == 6 then strings.__add = add end
  local ok, v = try(function() return "4" + 3 end)
  r[i] = ok and tostring(v) or 'error'
end
print(table.concat(r, " ")) --> 7 mine 43 error false error 7
-- Numbers with a metatable of their own are asked second.
debug.setmetatable(1, { __add = function() return "number's" end })
print(2 + "3", "3" + 2, 2 + 3) --> number's	5	5
debug.setmetatable(1, nil)
print(2 + "3") --> 5
-- Operands and result in one register, and a hook that sees the call.
local s = "1"
for i = 1, 3 do s = s + s; s = tostring(s) end
print(s) --> 8
local seen = 0
debug.sethook(function() if debug.getinfo(2, "S").what == "C" then seen = seen + 1 end end, "c")
local n = "1" + 1
debug.sethook()
print(n, seen >= 1) --> 2	true
