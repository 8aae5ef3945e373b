-- A tokenizer for Lua itself, a markdown converter, a URL parser, globs, a diff, and a word count.
local keywords = {}
for w in ("and break do else elseif end false for function goto if in local nil not or repeat return then true until while"):gmatch "%a+" do keywords[w] = true end
local function tokens(source)
  local out, pos, line = {}, 1, 1
  local rules = {
    {"^%-%-%[(=*)%[.-%]%1%]", "comment"}, {"^%-%-[^\n]*", "comment"}, {"^%s+", "space"}, {"^[%a_][%w_]*", "name"}, {"^0[xX]%x+", "number"}, {"^%d+%.?%d*[eE]?[+-]?%d*", "number"},
    {'^"[^"\\\n]*"', "string"}, {"^'[^'\\\n]*'", "string"}, {"^%[(=*)%[.-%]%1%]", "string"}, {"^[<>=~]=", "op"}, {"^::", "op"}, {"^%.%.%.?", "op"}, {"^//", "op"}, {"^[-+*/%%^#&|~<>=(){}%[%];:,.]", "op"}}
  while pos <= #source do
    local s, e, kind
    for _, r in ipairs(rules) do s, e = source:find(r[1], pos); if s then kind = r[2] break end end
    if not s then error("line " .. line .. ": bad character " .. source:sub(pos, pos), 0) end
    local text = source:sub(s, e)
    if kind == "name" and keywords[text] then kind = "keyword" end
    if kind ~= "space" and kind ~= "comment" then out[#out + 1] = kind:sub(1, 1) .. ":" .. text:gsub("\n", "\\n") .. "@" .. line end
    line = line + select(2, text:gsub("\n", ""))
    pos = e + 1
  end
  return table.concat(out, " ")
end
print(tokens "local x = 0xFF + 1.5e-3 -- comment\nreturn x..'s', [==[long\n]] text]==], a.b:c{...} --[[ multi\nline ]] ~= y // 2")
--> k:local@1 n:x@1 o:=@1 n:0xFF@1 o:+@1 n:1.5e-3@1 k:return@2 n:x@2 o:..@2 s:'s'@2 o:,@2 s:[==[long\n]] text]==]@2 o:,@3 n:a@3 o:.@3 n:b@3 o::@3 n:c@3 o:{@3 o:...@3 o:}@3 o:~=@4 n:y@4 o://@4 n:2@4
print(tokens "::label:: goto label", pcall(tokens, "x = 1\n\ny = @"))
--> o:::@1 n:label@1 o:::@1 k:goto@1 n:label@1	false	line 3: bad character @
-- Markdown.
local function inline(s) return (s:gsub("&", "&amp;"):gsub("<", "&lt;"):gsub("`(.-)`", "<code>%1</code>"):gsub("%*%*(.-)%*%*", "<b>%1</b>"):gsub("%*(.-)%*", "<i>%1</i>"):gsub("%[(.-)%]%((.-)%)", '<a href="%2">%1</a>')) end
local function markdown(text)
  local out, list = {}, false
  for line in (text .. "\n"):gmatch "(.-)\n" do
    local level, title = line:match "^(#+)%s+(.*)$"
    local item = line:match "^%s*[-*]%s+(.*)$"
    if list and not item then out[#out + 1] = "</ul>"; list = false end
    if level then out[#out + 1] = ("<h%d>%s</h%d>"):format(#level, inline(title), #level)
    elseif item then if not list then out[#out + 1] = "<ul>"; list = true end out[#out + 1] = "<li>" .. inline(item) .. "</li>"
    elseif line ~= "" then out[#out + 1] = "<p>" .. inline(line) .. "</p>" end
  end
  return table.concat(out, "")
end
print(markdown "# Title & more\n\nSome **bold** and *it* with `a < b`.\n- one\n- [two](http://x.y)\n\n## End")
--> <h1>Title &amp; more</h1><p>Some <b>bold</b> and <i>it</i> with <code>a &lt; b</code>.</p><ul><li>one</li><li><a href="http://x.y">two</a></li></ul><h2>End</h2>
local function url(s)
  local u = {}
  s = s:gsub("#(.*)$", function(f) u.fragment = f; return "" end):gsub("%?(.*)$", function(q) u.query = {}; for k, v in q:gmatch "([^&=]+)=([^&]*)" do u.query[k] = v:gsub("+", " "):gsub("%%(%x%x)", function(h) return string.char(tonumber(h, 16)) end) end return "" end)
  u.scheme, u.host, u.port, u.path = s:match "^(%a+)://([^/:]+):?(%d*)(.*)$"
  return u
end
local u = url "https://example.org:8080/a/b.html?q=hello+world&x=%41%42&empty=#top"
print(u.scheme, u.host, u.port, u.path, u.query.q, u.query.x, u.query.empty == "", u.fragment)
--> https	example.org	8080	/a/b.html	hello world	AB	true	top
print(url("http://host").path == "", url("nonsense").scheme, (("a b&c/é"):gsub("[^%w]", function(c) return ("%%%02X"):format(c:byte()) end)))
--> true	nil	a%20b%26c%2F%C3%A9
local function glob(p) return "^" .. p:gsub("[%^%$%(%)%%%.%[%]%+%-]", "%%%0"):gsub("%*%*", "\0"):gsub("%*", "[^/]*"):gsub("%z", ".*"):gsub("%?", "[^/]") .. "$" end
for _, c in ipairs {{"*.lua", "x.lua"}, {"*.lua", "a/x.lua"}, {"**.lua", "a/b/x.lua"}, {"a?c", "abc"}, {"a?c", "a/c"}, {"a+b", "a+b"}, {"[x]", "[x]"}} do io.write(c[1], " ", c[2], " ", tostring(c[2]:find(glob(c[1])) ~= nil), "\n") end
--> *.lua x.lua true
--> *.lua a/x.lua false
--> **.lua a/b/x.lua true
--> a?c abc true
--> a?c a/c false
--> a+b a+b true
--> [x] [x] true
-- Line diff by longest common subsequence.
local function diff(a, b)
  local A, B, t, out = {}, {}, {}, {}
  for l in a:gmatch "%S+" do A[#A + 1] = l end
  for l in b:gmatch "%S+" do B[#B + 1] = l end
  for i = #A + 1, 1, -1 do t[i] = {}; for j = #B + 1, 1, -1 do t[i][j] = (i > #A or j > #B) and 0 or A[i] == B[j] and t[i + 1][j + 1] + 1 or math.max(t[i + 1][j], t[i][j + 1]) end end
  local i, j = 1, 1
  while i <= #A or j <= #B do if i <= #A and j <= #B and A[i] == B[j] then out[#out + 1] = A[i]; i, j = i + 1, j + 1 elseif j > #B or i <= #A and t[i + 1][j] >= t[i][j + 1] then out[#out + 1] = "-" .. A[i]; i = i + 1 else out[#out + 1] = "+" .. B[j]; j = j + 1 end end
  return table.concat(out, " ")
end
print(diff("a b c d e", "a x c e f"), diff("", "new"), diff("old", ""), diff("same same", "same same"))
--> a -b +x c -d e +f	+new	-old	same same
local counts, words = {}, {}
for w in ("It was the best of times, it was the worst of times, it was the age of wisdom"):lower():gmatch "%a+" do if not counts[w] then words[#words + 1] = w end counts[w] = (counts[w] or 0) + 1 end
table.sort(words, function(a, b) if counts[a] ~= counts[b] then return counts[a] > counts[b] end return a < b end)
for i = 1, 5 do io.write(words[i], "=", counts[words[i]], "\n") end
--> it=3
--> of=3
--> the=3
--> was=3
--> times=2
print((("hello world from lua"):gsub("(%w)(%w*)", function(a, b) return a:upper() .. b end)), ("snake_case_name"):gsub("_(%w)", string.upper), (("camelCaseName"):gsub("%u", function(c) return "_" .. c:lower() end)), ("racecar"):reverse() == "racecar")
--> Hello World From Lua	snakeCaseName	camel_case_name	true
