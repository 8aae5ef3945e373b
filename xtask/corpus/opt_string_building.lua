-- String building in loops: chains of concatenation, shared prefixes, ropes that must not be visible.
local s, copies = "", {}
for i = 1, 60 do
  s = s .. i
  if i % 20 == 0 then copies[#copies + 1] = s end
end
print(#s, #copies[1], #copies[2], copies[3] == s, s:sub(1, 12), s:sub(-6), copies[1]:sub(-4))
--> 111	31	71	true	123456789101	585960	1920
-- Two strings grown from one prefix do not disturb each other.
local base = ("base"):rep(20)
local a, b = base .. "A", base .. "B"
local a2, b2 = a .. "1", b .. "2"
a = a .. "x"
print(a:sub(-2), b:sub(-1), a2:sub(-2), b2:sub(-2), #base, base:sub(-4), a2 == base .. "A1", b2 == base .. "B2")
--> Ax	B	A1	B2	80	base	true	true
-- Used as key, compared, searched, passed on while it is still growing.
local seen, word = {}, ""
for i = 1, 50 do
  word = word .. string.char(97 + i % 26)
  seen[word] = i
  if i % 10 == 0 then assert(seen[word] == i and #word == i and word < word .. "z" and word:find(word:sub(-3), 1, true)) end
end
local n = 0
for k, v in pairs(seen) do assert(#k == v); n = n + 1 end
print(n, seen["b"], seen["bc"], word:byte(-1)) --> 50	1	2	121
-- Prepending, surrounding, doubling, numbers, in one expression and in several.
local p = ""
for i = 1, 30 do p = i .. "," .. p end
local w = "x"
for i = 1, 10 do w = "(" .. w .. ")" end
local d = "ab"
for _ = 1, 8 do d = d .. d end
print(p:sub(1, 12), #p, w, #d, d:sub(255, 258), d == ("ab"):rep(256)) --> 30,29,28,27,	81	((((((((((x))))))))))	512	abab	true
local mixed = "v"
for i = 1, 5 do mixed = mixed .. i .. ":" .. i / 2 .. (i % 2 == 0 and "e" or "o") .. -i end
print(mixed) --> v1:0.5o-12:1.0e-23:1.5o-34:2.0e-45:2.5o-5
-- Self reference, swaps, temporaries that are dropped, strings in upvalues and fields.
local x, y = "left", "right"
for _ = 1, 4 do x, y = y .. x:sub(1, 1), x .. y:sub(-1) end
print(x, y) --> lefttrtr	rightltlt
local t = {s = ""}
local function append(v) t.s = t.s .. v; return t.s end
local up = ""
local function grow(v) up = up .. v; return #up end
for i = 1, 20 do append(i); grow(i) end
print(t.s == up, #t.s, append "!" == t.s, grow "?" == #up) --> true	31	true	true
-- In a coroutine that yields between the pieces, and in a metamethod chain.
local co = coroutine.wrap(function() local acc = ""; while true do acc = acc .. coroutine.yield(acc) end end)
co()
for i = 1, 5 do co(i .. "-") end
print(co "end") --> 1-2-3-4-5-end
local mt = {__concat = function(l, r) return (type(l) == "table" and "<T>" or l) .. (type(r) == "table" and "<T>" or r) end}
local T = setmetatable({}, mt)
local acc = ""
for i = 1, 3 do acc = acc .. T .. i end
print(acc) --> <T>1<T>2<T>3
-- table.concat, format, rep, gsub and .. agree.
local parts, by_concat = {}, ""
for i = 1, 40 do parts[i] = ("%03d"):format(i); by_concat = by_concat .. parts[i] end
print(table.concat(parts) == by_concat, (by_concat:gsub("%d%d%d", function(k) return parts[tonumber(k)] end)) == by_concat, #by_concat)
--> true	true	120
-- Long strings: equality, order, hash after being built in different ways.
local l1, l2 = "", ""
for i = 1, 100 do l1 = l1 .. "chunk" .. i end
for i = 100, 1, -1 do l2 = "chunk" .. i .. l2 end
local map = {[l1] = "same"}
print(l1 == l2, map[l2], l1 < l2, l1 <= l2, #l1, l1 ~= l2 .. "") --> true	same	false	true	692	false
-- Collections in the middle; pieces that die at once.
local g = ""
for i = 1, 30 do local dead = g .. "dead" .. i; g = g .. "k"; if i % 10 == 0 then collectgarbage() end end
print(g == ("k"):rep(30)) --> true
-- Zero bytes and high bytes survive.
local z = ""
for i = 0, 255 do z = z .. string.char(i) end
print(#z, z:byte(1), z:byte(256), z:find("\0", 2, true), select("#", z:byte(1, -1))) --> 256	0	255	nil	256
