-- Numeric for: kinds of the loop variable, steps, edges, modified copies.
local function collect(a, b, c)
  local out = {}
  if c == nil then for i = a, b do out[#out + 1] = tostring(i) end
  else for i = a, b, c do out[#out + 1] = tostring(i); if #out > 20 then break end end end
  return table.concat(out, " ")
end
print(collect(1, 5)); print(collect(5, 1) == "", collect(1, 1))
--> 1 2 3 4 5
--> true	1
print(collect(5, 1, -2), collect(1, 5, 2), collect(1, 0, -1), collect(3, 3, -1)) --> 5 3 1	1 3 5	1 0	3
print(collect(1, 3.7), collect(1, 3.0), collect(1.0, 3), collect(1, 2, 0.5)) --> 1 2 3	1 2 3	1.0 2.0 3.0	1.0 1.5 2.0
print(collect(-1, -3.5, -1), collect(3, 1.5, -1), collect(0.5, 2.5), collect(1, -0.5, -1)) --> -1 -2 -3	3 2	0.5 1.5 2.5	1 0
print(collect(1, math.huge, 5):sub(1, 20), collect(-1, -math.huge, -7):sub(1, 9)) --> 1 6 11 16 21 26 31 3	-1 -8 -15
print(collect(1, -math.huge) == "", collect(1, 0 / 0) == "", collect(0 / 0, 1) == "", collect(1, math.huge, -1) == "")
--> true	true	false	true
print(collect(math.maxinteger - 2, math.maxinteger)) --> 9223372036854775805 9223372036854775806 9223372036854775807
print(collect(math.mininteger + 2, math.mininteger, -1)) --> -9223372036854775806 -9223372036854775807 -9223372036854775808
print(collect(math.maxinteger - 5, math.maxinteger, 4)) --> 9223372036854775802 9223372036854775806
print(collect(math.mininteger, math.maxinteger, math.maxinteger)) --> -9223372036854775808 -1 9223372036854775806
print(collect(math.maxinteger, math.mininteger, math.mininteger)) --> 9223372036854775807 -1
print(collect(math.mininteger, math.mininteger + 1), collect(math.maxinteger, math.maxinteger + 1.0))
--> -9223372036854775808 -9223372036854775807	9223372036854775807
print(collect(1, 1e300, 1 << 62), collect(-1, -1e300, math.mininteger)) --> 1 4611686018427387905	-1
print(collect(math.maxinteger, 2^53), collect(3, 2^63, math.maxinteger), collect(-3, -2^70, -math.maxinteger)) --> 	3	-3
print(collect(0, 1, 0.1):sub(-11), collect(0, -1, -0.25)) --> 0.8 0.9 1.0	0.0 -0.25 -0.5 -0.75 -1.0
print(collect(math.maxinteger + 0.0, math.huge, 1e300) ~= "") --> true
-- The loop variable is a copy; changing it changes nothing.
local seen = {}
for i = 1, 3 do seen[#seen + 1] = i; i = i * 10; seen[#seen + 1] = i end
print(table.concat(seen, " ")) --> 1 10 2 20 3 30
-- Limits are evaluated once, in order.
local log = {}
local function e(name, v) log[#log + 1] = name; return v end
for i = e("init", 1), e("limit", 2), e("step", 1) do log[#log + 1] = "i" .. i end
print(table.concat(log, " ")) --> init limit step i1 i2
-- Numeric strings are converted; a string as start or step makes a float loop.
print(collect("1", 3), collect(1, "3"), collect(1, "3.5"), collect(1, 3, "2"), collect("0x10", "12", -2))
--> 1.0 2.0 3.0	1 2 3	1 2 3	1.0 3.0	16.0 14.0 12.0
-- Fresh variable per iteration.
local fs = {}
for i = 1, 3 do fs[i] = function() i = i + 10; return i end end
print(fs[1](), fs[1](), fs[2](), fs[3]()) --> 11	21	12	13
local function err(f, ...) return (tostring(select(2, pcall(f, ...))):gsub("^[^:]+:%d+: ", "")) end
print(err(collect, 1, 10, 0), err(collect, 1.0, 10, 0), err(function() for i = 1, 10, 0 do end end))
--> 'for' step is zero	'for' step is zero	'for' step is zero
print(err(function() for i = 1.0, 10, 0 do end end), err(function() for i = 1, 10, 0.0 do end end))
--> 'for' step is zero	'for' step is zero
print(err(function() for i = "x", 2 do end end)) --> bad 'for' initial value (number expected, got string)
print(err(function() for i = 1, "2x" do end end)) --> bad 'for' limit (number expected, got string)
print(err(function() for i = 1, 2, "" do end end)) --> bad 'for' step (number expected, got string)
print(err(function() for i = nil, 2 do end end)) --> bad 'for' initial value (number expected, got nil)
print(err(function() for i = 1, {} do end end)) --> bad 'for' limit (number expected, got table)
print(err(function() for i = 1, 2, true do end end)) --> bad 'for' step (number expected, got boolean)
print(err(function() for i = 1.5, "x" do end end)) --> bad 'for' limit (number expected, got string)
