-- The order of strings, and of integers beside floats, without a slow path.
local function try(f, ...) local r = table.pack(pcall(f, ...)); if not r[1] then r[2] = tostring(r[2]):gsub('^[^:]+:%d+: ', '') end return table.unpack(r, 1, r.n) end
local words = { "", "\0", "\0\0", "a", "a\0", "a\0b", "aa", "ab", "b", "\127", "\128", "\255", "\255\255", ("x"):rep(50), ("x"):rep(50) .. "y", ("x"):rep(49) .. "y" }
local function naive(a, b)
  for i = 1, math.min(#a, #b) do if a:byte(i) ~= b:byte(i) then return a:byte(i) < b:byte(i) and -1 or 1 end end
  return #a < #b and -1 or #a > #b and 1 or 0
end
local wrong = 0
for _, a in ipairs(words) do
  for _, b in ipairs(words) do
    local o = naive(a, b)
    if (a < b) ~= (o < 0) or (a <= b) ~= (o <= 0) or (a > b) ~= (o > 0) or (a >= b) ~= (o >= 0) or (a == b) ~= (o == 0) then wrong = wrong + 1 end
    local n = 0
    if a < b then n = n + 1 end
    if not (a < b) then n = n + 2 end
    if not (a <= b) then n = n + 4 end
    if n ~= (o < 0 and 1 or o == 0 and 2 or 6) then wrong = wrong + 1 end
  end
end
print(wrong) --> 0
local numbers = { 0, 1, -1, 0.0, -0.0, 0.5, 2^53, 2^53 + 1, (1 << 53) + 1, math.maxinteger, math.mininteger, 2^63, -2^63, 1/0, -1/0, 0/0, 1e300, -1e300 }
local text = {}
for i, a in ipairs(numbers) do
  local bits = 0
  for j, b in ipairs(numbers) do
    if a < b then bits = bits + (1 << j) end
    if a <= b then bits = bits ~ (bits << 7) end
    if a == b then bits = bits + 3 end
    if a ~= b then bits = bits * 3 end
  end
  text[i] = ("%x"):format(bits)
end
print(table.concat(text, " ")) --> 6f2b17574aedf71f e719d3941a0b3c3 4837dcc7c8232fdb 6f2b17574aedf71f 6f2b17574aedf71f a31e759e7b57a5d7 19692b06fe02b076 19692b06fe02b076 136a51bd5430a9 1143cf9d6563 fe3f8942cf6b63ea f7794238b fe3f8942cf6b63ea f3 987ca25d94c4d1e3 0 510144009 4c8e3968d3f6ee95
-- One site, all kinds.
local function less(a, b) return a < b end
local t = setmetatable({}, { __lt = function() return true end })
print(less(1, 2), less("1", "2"), less(1, 1.5), less(1.5, 1), less(t, 1), less(1, t), less("b", t), less(2.5, 2.5)) --> true	true	true	false	true	true	true	false
print(try(less, 1, "2")) --> false	attempt to compare number with string
print(try(less, "1", 2.5)) --> false	attempt to compare string with number
print(try(less, {}, "x")) --> false	attempt to compare table with string
-- Equality of floats at one site, NaN among them.
local function same(a, b) if a == b then return "same" end return "not" end
print(same(0.0, -0.0), same(0/0, 0/0), same(1.5, 1.5), same(1, 1.0), same(2^53, 2^53 + 1), same("1.5", 1.5)) --> same	not	same	same	same	not
