-- String comparison and ordering: bytes, zeros, prefixes, lengths; sorting of many strings.
local function cmp(a, b) return (a < b and "<" or "") .. (a > b and ">" or "") .. (a == b and "=" or "") .. (a <= b and "l" or "") .. (a >= b and "g" or "") end
print(cmp("a", "b"), cmp("b", "a"), cmp("a", "a"), cmp("", ""), cmp("", "a"), cmp("a", "")) --> <l	>g	=lg	=lg	<l	>g
print(cmp("a", "aa"), cmp("aa", "a"), cmp("ab", "aa"), cmp("Z", "a"), cmp("10", "9"), cmp(" ", "0")) --> <l	>g	>g	<l	<l	<l
print(cmp("a\0b", "a\0c"), cmp("a\0", "a"), cmp("\0", ""), cmp("\0a", "\0b"), cmp("a\0b", "a"), cmp("\0\0", "\0"))
--> <l	>g	>g	<l	>g	>g
print(cmp("\xff", "a"), cmp("\x80", "\x7f"), cmp("é", "f"), cmp("\xc3", "\xc3\xa9")) --> >g	>g	>g	<l
local long = ("x"):rep(1000)
print(cmp(long, long .. "a"), cmp(long .. "a", long .. "b"), cmp(long .. "b", long .. "a"), cmp(long .. "\0a", long .. "\0b"), cmp(long, ("x"):rep(999) .. "x"))
--> <l	<l	>g	<l	=lg
-- Against a naive twin on bytes.
local function naive(a, b) for i = 1, math.min(#a, #b) do local x, y = a:byte(i), b:byte(i); if x ~= y then return x < y end end return #a < #b end
local state = 5
local function random(n) state = (state * 16807) % 2147483647; return state % n end
local list = {}
for i = 1, 60 do local s = {}; for j = 1, random(6) do s[j] = string.char(({0, 1, 97, 98, 255})[random(5) + 1]) end list[i] = table.concat(s) end
local checked = 0
for i = 1, 60 do for j = 1, 60, 3 do local a, b = list[i], list[j]; assert((a < b) == naive(a, b) and (a <= b) == not naive(b, a) and (a == b) == (not naive(a, b) and not naive(b, a))); checked = checked + 1 end end
print(checked) --> 1200
local sorted = table.move(list, 1, 60, 1, {})
table.sort(sorted)
for i = 2, 60 do assert(not naive(sorted[i], sorted[i - 1])) end
-- Comparison operators in all positions.
local a, b = "apple", "banana"
print(a < b and "lt" or "ge", not (a > b), a ~= b, (a < b) == true, a .. b < b .. a, #a < #b, a < "b" and "b" > a)
--> lt	true	true	true	true	true	true
local words = {"pear", "fig", "Apple", "apple", "apples", "", "10", "9", "a b", "a-b", "a_b"}
table.sort(words)
print(table.concat(words, "|")) --> |10|9|Apple|a b|a-b|a_b|apple|apples|fig|pear
table.sort(words, function(x, y) if #x ~= #y then return #x > #y end return x < y end)
print(table.concat(words, "|")) --> apples|Apple|apple|pear|a b|a-b|a_b|fig|10|9|
table.sort(words, function(x, y) local lx, ly = x:lower(), y:lower(); if lx ~= ly then return lx < ly end return x < y end)
print(table.concat(words, "|")) --> |10|9|a b|a-b|a_b|Apple|apple|apples|fig|pear
-- Equality does not depend on how a string was made.
local made = {"key", "k" .. "ey", ("xkeyx"):sub(2, 4), ("yek"):reverse(), ("KEY"):lower(), string.char(107, 101, 121), table.concat {"k", "e", "y"}, ("k%sy"):format "e", (("kay"):gsub("a", "e")), string.pack("c3", "key"), utf8.char(107, 101, 121), load "return 'k\\x65y'"()}
for _, m in ipairs(made) do assert(m == "key" and ({key = true})[m] and rawequal(m, "key") and not (m < "key") and m <= "key") end
print(#made) --> 12
-- Natural order, version numbers, case-insensitive keys.
local function natural(x, y)
  local function chunks(s) local t = {}; for num, text in s:gmatch "(%d*)(%D*)" do if num ~= "" then t[#t + 1] = tonumber(num) end if text ~= "" then t[#t + 1] = text end end return t end
  local p, q = chunks(x), chunks(y)
  for i = 1, math.max(#p, #q) do
    if p[i] == nil then return q[i] ~= nil elseif q[i] == nil then return false end
    if p[i] ~= q[i] then if type(p[i]) == type(q[i]) then return p[i] < q[i] end return type(p[i]) == "number" end
  end
  return false
end
local files = {"file10", "file9", "file1a", "file1", "file", "10", "9", "v1.10.2", "v1.9.30", "v1.9"}
table.sort(files, natural)
print(table.concat(files, " ")) --> 9 10 file file1 file1a file9 file10 v1.9 v1.9.30 v1.10.2
