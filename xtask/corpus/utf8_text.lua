-- Text by code points: padding, reversing, case of some letters, validation, transliteration, counting.
local s = "Füße 日本 – ‹naïve› 𝄞"
print(utf8.len(s), #s) --> 19	35
local function chars(t) local out = {}; for _, c in utf8.codes(t) do out[#out + 1] = utf8.char(c) end return out end
local function sub(t, i, j) local n = utf8.len(t); if i < 0 then i = n + i + 1 end j = j or -1; if j < 0 then j = n + j + 1 end if i > j or i > n then return "" end return t:sub(utf8.offset(t, i), utf8.offset(t, j + 1) - 1) end
local function reverse(t) local c = chars(t); for i = 1, #c // 2 do c[i], c[#c + 1 - i] = c[#c + 1 - i], c[i] end return table.concat(c) end
print(sub(s, 1, 4), sub(s, 6, 7), sub(s, -1), sub(s, 2, 2), #sub(s, 30), reverse "añ日b", reverse(reverse(s)) == s)
--> Füße	日本	𝄞	ü	0	b日ña	true
local function pad(t, n, fill) return t .. (fill or " "):rep(n - utf8.len(t)) end
for _, w in ipairs {"abc", "äöü", "日本"} do print("[" .. pad(w, 5, ".") .. "]", #w, utf8.len(w)) end
--> [abc..]	3	3
--> [äöü..]	6	3
--> [日本...]	6	2
local upper = {["ä"] = "Ä", ["ö"] = "Ö", ["ü"] = "Ü", ["é"] = "É", ["ï"] = "Ï"}
print((s:upper():gsub(utf8.charpattern, upper)), (("éa"):gsub(utf8.charpattern, function(c) return upper[c] or c:upper() end)))
--> FÜßE 日本 – ‹NAÏVE› 𝄞	ÉA
print((s:gsub("[\128-\255]+", "?")), select(2, s:gsub("[^\128-\191]", "")), (s:gsub("[\xC2-\xF4][\x80-\xBF]*", function(c) return ("<%X>"):format(utf8.codepoint(c)) end)))
--> F?e ? ? ?na?ve? ?	19	F<FC><DF>e <65E5><672C> <2013> <2039>na<EF>ve<203A> <1D11E>
-- Validation and repair of broken text: every bad byte becomes a replacement character.
local function repair(t) local out, i = {}, 1; while i <= #t do local ok, bad = utf8.len(t, i); if ok then out[#out + 1] = t:sub(i) break end out[#out + 1] = t:sub(i, bad - 1); out[#out + 1] = "\u{FFFD}"; i = bad + 1 end return table.concat(out) end
for _, t in ipairs {"ok", "a\xffb", "\xe6\x97", "x\xc3(", "\xed\xa0\x80", "é\x80\x80é", ""} do local r = repair(t); assert(utf8.len(r)); io.write("<", r, "> ", utf8.len(r), "\n") end
--> <ok> 2
--> <a�b> 3
--> <��> 2
--> <x�(> 3
--> <���> 3
--> <é��é> 4
--> <> 0
-- Encoding by hand agrees with utf8.char; decoding with codepoint; positions with offset.
local function encode(c) if c < 0x80 then return string.char(c) elseif c < 0x800 then return string.char(0xC0 | c >> 6, 0x80 | c & 63) elseif c < 0x10000 then return string.char(0xE0 | c >> 12, 0x80 | c >> 6 & 63, 0x80 | c & 63) end return string.char(0xF0 | c >> 18, 0x80 | c >> 12 & 63, 0x80 | c >> 6 & 63, 0x80 | c & 63) end
local tested = 0
for _, start in ipairs {0, 0x70, 0x7F0, 0xD7F0, 0xFFF0, 0x10FFF0} do for c = start, start + 15 do if c < 0xD800 or c > 0xDFFF then assert(utf8.char(c) == encode(c) and utf8.codepoint(encode(c)) == c); tested = tested + 1 end end end
print(tested) --> 96
local n = 0
for p, c in utf8.codes(s) do n = n + 1; assert(utf8.offset(s, n) == p and utf8.codepoint(s, p) == c and utf8.offset(s, 0, p) == p and utf8.offset(s, n - utf8.len(s) - 1) == p) end
print(n, utf8.offset(s, n + 1) == #s + 1, utf8.offset(s, n + 2)) --> 19	true	nil
-- Frequency of letters, sorted by count and code point; a caesar shift over two alphabets; acronyms.
local freq, list = {}, {}
for c in ("привет-мир,hello-мир"):gmatch(utf8.charpattern) do if not freq[c] then list[#list + 1] = c end freq[c] = (freq[c] or 0) + 1 end
table.sort(list, function(a, b) if freq[a] ~= freq[b] then return freq[a] > freq[b] end return a < b end)
print(list[1] .. freq[list[1]], list[2] .. freq[list[2]], list[3] .. freq[list[3]], #list) --> и3	р3	-2	13
local function shift(t, k) return (t:gsub(utf8.charpattern, function(ch) local c = utf8.codepoint(ch); for _, r in ipairs {{97, 26}, {0x430, 32}} do if c >= r[1] and c < r[1] + r[2] then return utf8.char(r[1] + (c - r[1] + k) % r[2]) end end end)) end
print(shift("abc xyz где эюя", 3), shift(shift("hello мир", 7), -7)) --> def abc жзи абв	hello мир
-- Escapes in source, comparisons by bytes, keys.
print("\u{48}\u{20AC}" == "H€", "\xE2\x82\xAC" == "€", "é" < "z", "a" < "é", ({["日本"] = "Japan"})["\u{65E5}\u{672C}"], #"\u{10FFFF}", "\u{E9}" == utf8.char(233))
--> true	true	false	true	Japan	4	true
local combining = "e\u{301}"
print(utf8.len(combining), #combining, combining == "é", utf8.codepoint(combining, 1, -1)) --> 2	3	false	101	769
for _, bad in ipairs {"\xC0\xAF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF", "\xF8\x88\x80\x80\x80", "\xFE", "\xF4\x90\x80\x80"} do local len, at = utf8.len(bad); assert(len == nil and at == 1) end
print(utf8.len("\xF4\x8F\xBF\xBF"), utf8.len("\xF8\x88\x80\x80\x80", 1, -1, true), utf8.len("\xC0\xAF", 1, -1, true)) --> 1	1	nil	1
