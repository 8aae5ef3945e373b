-- Equality at one site for operands of all kinds, and bitwise operations on floats.
local function try(f, ...) local r = table.pack(pcall(f, ...)); if not r[1] then r[2] = tostring(r[2]):gsub('^[^:]+:%d+: ', '') end return table.unpack(r, 1, r.n) end
local function same(a, b) local n = 0; if a == b then n = n + 1 end if a ~= b then n = n + 2 end return n == 1 and "=" or n == 2 and "~" or "?" end
local t, u, called = setmetatable({}, { __eq = function() return true end }), setmetatable({}, {}), 0
local long = ("long "):rep(20)
local values = { 1, 1.0, "1", long, ("long "):rep(20), ("long "):rep(19) .. "lonk ", t, u, {}, true, false, print, same, 2^53, 2^53 + 1, (1 << 53) + 1, math.maxinteger, 2^63, 0/0, -0.0, 0, coroutine.create(same), io.stdout }
local rows = {}
for i = 1, #values + 1 do local row = {}; for j = 1, #values + 1 do row[j] = same(values[i], values[j]) end rows[i] = table.concat(row) end
print(table.concat(rows, ' ')) --> ==~~~~~~~~~~~~~~~~~~~~~~ ==~~~~~~~~~~~~~~~~~~~~~~ ~~=~~~~~~~~~~~~~~~~~~~~~ ~~~==~~~~~~~~~~~~~~~~~~~ ~~~==~~~~~~~~~~~~~~~~~~~ ~~~~~=~~~~~~~~~~~~~~~~~~ ~~~~~~===~~~~~~~~~~~~~~~ ~~~~~~==~~~~~~~~~~~~~~~~ ~~~~~~=~=~~~~~~~~~~~~~~~ ~~~~~~~~~=~~~~~~~~~~~~~~ ~~~~~~~~~~=~~~~~~~~~~~~~ ~~~~~~~~~~~=~~~~~~~~~~~~ ~~~~~~~~~~~~=~~~~~~~~~~~ ~~~~~~~~~~~~~==~~~~~~~~~ ~~~~~~~~~~~~~==~~~~~~~~~ ~~~~~~~~~~~~~~~=~~~~~~~~ ~~~~~~~~~~~~~~~~=~~~~~~~ ~~~~~~~~~~~~~~~~~=~~~~~~ ~~~~~~~~~~~~~~~~~~~~~~~~ ~~~~~~~~~~~~~~~~~~~==~~~ ~~~~~~~~~~~~~~~~~~~==~~~ ~~~~~~~~~~~~~~~~~~~~~=~~ ~~~~~~~~~~~~~~~~~~~~~~=~ ~~~~~~~~~~~~~~~~~~~~~~~=
-- Handlers are asked for two tables only, and may come and go.
local meta = {}
local a, b = setmetatable({}, meta), setmetatable({}, meta)
local r = {}
for i = 1, 5 do
  if i == 2 then meta.__eq = function() return true end end
  if i == 3 then meta.__eq = function() return nil end end
  if i == 4 then meta.__eq = rawequal end
  if i == 5 then meta.__eq = nil end
  r[i] = same(a, b) .. same(a, nil) .. same(nil, a) .. same(a, 1) .. same(a, "x") .. same(a, a)
end
print(table.concat(r, " ")) --> ~~~~~= =~~~~= ~~~~~= ~~~~~= ~~~~~=
local function bits(x, y) return x & y, x | y, x ~ y, x << y, x >> y, ~x end
print(bits(6.0, 3), bits(6, 3.0)) --> 2	2	7	5	48	0	-7
print(bits(-1.0, 2.0)) --> 2	-1	-3	-4	4611686018427387903	0
print(5.0 & 1, 5 | 2.0, 1.0 << 3, 2.0 ^ 2 // 1 | 0, ~2^53, 7 // 2.0 | 0) --> 1	7	8	4	-9007199254740993	3
print(try(function() return 1.5 & 1 end)) --> false	number has no integer representation
print(try(function() return 1 | 2^63 end)) --> false	number has no integer representation
print(try(function() return "a" | 1.0 end)) --> false	attempt to perform bitwise operation on a string value (constant 'a')
print(try(function() return 1.0 | {} end)) --> false	attempt to perform bitwise operation on a table value
debug.setmetatable(1, { __bor = function() return "handler" end })
print(1.0 | 2, try(function() return 1.5 | 2 end)) --> 3	true	handler
debug.setmetatable(1, nil)
-- Concatenations of several strings, short and long, and numbers among them.
local function join(a, b, c, d) return a .. b .. c, a .. "-" .. b .. "-" .. c .. "-" .. d end
for _, s in ipairs { "", "x", ("y"):rep(13), ("z"):rep(14), ("w"):rep(40), ("v"):rep(41) } do
  local p, q = join(s, s, s, s)
  r[#r + 1] = #p .. " " .. #q .. " " .. tostring(p == s:rep(3)) .. tostring(q == table.concat({ s, s, s, s }, "-"))
end
print(table.concat(r, " ", 6)) --> 0 3 truetrue 3 7 truetrue 39 55 truetrue 42 59 truetrue 120 163 truetrue 123 167 truetrue
print(join("a", 1, 2.5, "b")) --> a12.5	a-1-2.5-b
print(try(join, "a", {}, "c", "d")) --> false	attempt to concatenate a table value (local 'b')
print(try(join, "a", "b", nil, "d")) --> false	attempt to concatenate a nil value (local 'c')
-- tostring of what is no number and no string.
print(tostring(true), tostring(false), tostring(nil), try(tostring)) --> true	false	nil	false	bad argument #1 to 'tostring' (value expected)
debug.setmetatable(true, { __tostring = function(v) return v and "yes" or "no" end })
debug.setmetatable(nil, { __name = "nothing" })
print(tostring(true), tostring(false), (tostring(nil):gsub(": .*", ":"))) --> yes	no	nil
debug.setmetatable(true, nil)
debug.setmetatable(nil, nil)
print(tostring(true), tostring(nil)) --> true	nil
