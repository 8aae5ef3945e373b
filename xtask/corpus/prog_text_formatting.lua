-- Text: word wrap, justify, tables with alignment, templates, CSV, ini, roman numerals, numbers in words.
local text = "The quick brown fox jumps over the lazy dog, and then it sleeps under an old tree for a very long time indeed."
local function wrap(s, width)
  local lines, line = {}, ""
  for word in s:gmatch "%S+" do
    if #line > 0 and #line + 1 + #word > width then lines[#lines + 1] = line; line = word
    else line = #line > 0 and line .. " " .. word or word end
  end
  lines[#lines + 1] = line
  return lines
end
for _, l in ipairs(wrap(text, 30)) do io.write("|", l, (" "):rep(30 - #l), "|\n") end
--> |The quick brown fox jumps over|
--> |the lazy dog, and then it     |
--> |sleeps under an old tree for a|
--> |very long time indeed.        |
local function justify(line, width)
  local words, total = {}, 0
  for w in line:gmatch "%S+" do words[#words + 1] = w; total = total + #w end
  local gaps, out = #words - 1, words[1]
  for i = 2, #words do local spaces = (width - total) // gaps + ((width - total) % gaps >= i - 1 and 1 or 0); out = out .. (" "):rep(spaces) .. words[i] end
  return out
end
for _, l in ipairs(wrap(text, 40)) do print(#l > 30 and justify(l, 40) or l) end
--> The  quick brown fox jumps over the lazy
--> dog,  and  then  it  sleeps under an old
--> tree   for  a  very  long  time  indeed.
local function render(rows, align)
  local widths, out = {}, {}
  for _, r in ipairs(rows) do for i, c in ipairs(r) do widths[i] = math.max(widths[i] or 0, #tostring(c)) end end
  for _, r in ipairs(rows) do
    local cells = {}
    for i, c in ipairs(r) do
      local kind, pad = align:sub(i, i), widths[i] - #tostring(c)
      cells[i] = kind == "r" and (" "):rep(pad) .. c or kind == "c" and (" "):rep(pad // 2) .. c .. (" "):rep(pad - pad // 2) or c .. (" "):rep(pad)
    end
    out[#out + 1] = "| " .. table.concat(cells, " | ") .. " |"
  end
  return table.concat(out, "\n")
end
print(render({{"name", "qty", "state"}, {"apples", 3, "ok"}, {"fig", 1200, "late"}, {"watermelon", 0.5, "x"}}, "lrc"))
--> | name       |  qty | state |
--> | apples     |    3 |  ok   |
--> | fig        | 1200 | late  |
--> | watermelon |  0.5 |   x   |
local function template(s, vars) return (s:gsub("%${(.-)}", function(key) local name, filter = key:match "^([%w_.]+)|?(%w*)$"; local v = vars; for part in name:gmatch "[^.]+" do v = v[part]; if v == nil then return "<" .. name .. "?>" end end if filter == "upper" then v = v:upper() end return tostring(v) end)) end
print(template("Dear ${user.name|upper}, you owe ${amount}; ${missing} ${user.x.y}", {user = {name = "ann"}, amount = 12.5}))
--> Dear ANN, you owe 12.5; <missing?> <user.x.y?>
-- CSV with quotes.
local function parse_csv(line)
  local fields, pos = {}, 1
  while true do
    if line:sub(pos, pos) == '"' then
      local value, stop = "", pos
      repeat local s, e, part, close = line:find('^"([^"]*)"("?)', stop); value = value .. part .. close; stop = e; if close == "" then stop = e + 1 end until close == ""
      fields[#fields + 1] = value; pos = stop + 1
      if stop > #line then break end
    else
      local s, e = line:find(",", pos, true)
      fields[#fields + 1] = line:sub(pos, s and s - 1)
      if not s then break end
      pos = e + 1
    end
  end
  return fields
end
for _, l in ipairs {'a,b,c', '1,"two, with comma",3', '"say ""hi""",x', ',,', '""', 'last,"quoted"'} do local f = parse_csv(l); io.write(#f, ": <", table.concat(f, "|"), ">\n") end
--> 3: <a|b|c>
--> 3: <1|two, with comma|3>
--> 2: <say "hi"|x>
--> 3: <||>
--> 1: <>
--> 2: <last|quoted>
local function ini(s) local t, section = {}, "main"; for l in s:gmatch "[^\n]+" do local name = l:match "^%[(.-)%]$"; local k, v = l:match "^%s*([%w_]+)%s*=%s*(.-)%s*$"; if name then section = name elseif k then t[section] = t[section] or {}; t[section][k] = tonumber(v) or (v == "true" or v ~= "false" and v) end end return t end
local conf = ini "x = 1\n; comment\n[server]\nport = 8080\nname = my host  \ndebug=false\n[paths]\nroot = /tmp/a=b"
print(conf.main.x, conf.server.port, conf.server.name, conf.server.debug, conf.paths.root, math.type(conf.server.port))
--> 1	8080	my host	false	/tmp/a=b	integer
local function roman(n) local out = ""; for _, r in ipairs {{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} do while n >= r[1] do out = out .. r[2]; n = n - r[1] end end return out end
local function unroman(s) local v = {I = 1, V = 5, X = 10, L = 50, C = 100, D = 500, M = 1000}; local total, prev = 0, 0; for c in s:reverse():gmatch "." do local x = v[c]; total = total + (x < prev and -x or x); prev = math.max(prev, x) end return total end
for n = 1, 3000, 37 do assert(unroman(roman(n)) == n) end
print(roman(1994), roman(2024), roman(3888), unroman "MCMXCIV") --> MCMXCIV	MMXXIV	MMMDCCCLXXXVIII	1994
local ones = {"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"}
local tens = {nil, "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}
local function words(n)
  if n == 0 then return "zero" elseif n < 0 then return "minus " .. words(-n) elseif n < 20 then return ones[n]
  elseif n < 100 then return tens[n // 10] .. (n % 10 > 0 and "-" .. ones[n % 10] or "") elseif n < 1000 then return ones[n // 100] .. " hundred" .. (n % 100 > 0 and " and " .. words(n % 100) or "") end
  for _, s in ipairs {{10^9 | 0, "billion"}, {10^6 | 0, "million"}, {1000, "thousand"}} do if n >= s[1] then return words(n // s[1]) .. " " .. s[2] .. (n % s[1] > 0 and " " .. words(n % s[1]) or "") end end
end
for _, n in ipairs {0, 13, 21, 100, 342, 1000, 90210, 1234567, -5} do print(words(n)) end
--> zero
--> thirteen
--> twenty-one
--> one hundred
--> three hundred and forty-two
--> one thousand
--> ninety thousand two hundred and ten
--> one million two hundred and thirty-four thousand five hundred and sixty-seven
--> minus five
local function commas(n) local s = ("%d"):format(n); repeat local k; s, k = s:gsub("^(-?%d+)(%d%d%d)", "%1,%2") until k == 0 return s end
print(commas(0), commas(999), commas(1000), commas(-1234567), commas(math.maxinteger))
--> 0	999	1,000	-1,234,567	9,223,372,036,854,775,807
