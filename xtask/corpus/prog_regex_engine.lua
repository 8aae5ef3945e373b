-- A small regular expression engine compiled to closures, with alternatives, groups and classes; tests against string.find.
local function compile(pattern)
  local pos, groups = 1, 0
  local alternatives
  local function peek() return pattern:sub(pos, pos) end
  local function set()
    local negated, members = false, {}
    if peek() == "^" then negated = true; pos = pos + 1 end
    repeat
      local a = peek(); pos = pos + 1
      if a == "" then error("missing ]", 0) end
      if a == "\\" then a = peek(); pos = pos + 1 end
      local b = a
      if peek() == "-" and pattern:sub(pos + 1, pos + 1) ~= "]" then b = pattern:sub(pos + 1, pos + 1); pos = pos + 2 end
      members[#members + 1] = {a:byte(), b:byte()}
    until peek() == "]"
    pos = pos + 1
    return function(c) for _, m in ipairs(members) do if c >= m[1] and c <= m[2] then return not negated end end return negated end
  end
  local escapes = {d = function(c) return c >= 48 and c <= 57 end, w = function(c) return string.char(c):find "[%w_]" ~= nil end, s = function(c) return string.char(c):find "%s" ~= nil end}
  local function single(test) return function(k) return function(s, i, caps) local c = s:byte(i); if c and test(c) then return k(s, i + 1, caps) end end end end
  local function atom()
    local c = peek(); pos = pos + 1
    if c == "(" then
      groups = groups + 1
      local id = groups
      local body = alternatives()
      if peek() ~= ")" then error("missing )", 0) end
      pos = pos + 1
      return function(k)
        local close = function(s, i, caps) local old = caps[id]; caps[id] = {caps.open[id], i - 1}; local r = k(s, i, caps); if not r then caps[id] = old end return r end
        local inner = body(close)
        return function(s, i, caps) local old = caps.open[id]; caps.open[id] = i; local r = inner(s, i, caps); if not r then caps.open[id] = old end return r end
      end
    elseif c == "[" then return single(set())
    elseif c == "." then return single(function() return true end)
    elseif c == "^" then return function(k) return function(s, i, caps) if i == 1 then return k(s, i, caps) end end end
    elseif c == "$" then return function(k) return function(s, i, caps) if i == #s + 1 then return k(s, i, caps) end end end
    elseif c == "\\" then c = peek(); pos = pos + 1; local e = escapes[c:lower()]; if e then if c:match "%u" then return single(function(b) return not e(b) end) end return single(e) end end
    if c == "*" or c == "+" or c == "?" then error("nothing to repeat", 0) end
    local b = c:byte()
    return single(function(x) return x == b end)
  end
  local function piece()
    local a = atom()
    local op = peek()
    if op ~= "*" and op ~= "+" and op ~= "?" then return a end
    pos = pos + 1
    local lazy = peek() == "?"
    if lazy then pos = pos + 1 end
    return function(k)
      if op == "?" then local once = a(k); return function(s, i, caps) if lazy then return k(s, i, caps) or once(s, i, caps) end return once(s, i, caps) or k(s, i, caps) end end
      local again, last
      local function loop(s, i, caps) if i == last then return nil end local saved = last; last = i; local r; if lazy then r = k(s, i, caps) or again(s, i, caps) else r = again(s, i, caps) or k(s, i, caps) end last = saved; return r end
      again = a(loop)
      return op == "*" and function(s, i, caps) last = nil; return loop(s, i, caps) end or function(s, i, caps) last = nil; return again(s, i, caps) end
    end
  end
  local function sequence() local parts = {}; while peek() ~= "" and peek() ~= "|" and peek() ~= ")" do parts[#parts + 1] = piece() end return function(k) for i = #parts, 1, -1 do k = parts[i](k) end return k end end
  function alternatives() local list = {sequence()}; while peek() == "|" do pos = pos + 1; list[#list + 1] = sequence() end return function(k) local fs = {}; for i, a in ipairs(list) do fs[i] = a(k) end return function(s, i, caps) for _, f in ipairs(fs) do local r = f(s, i, caps); if r then return r end end end end end
  local start = alternatives()(function(_, i, caps) return i end)
  if pos <= #pattern then error("unexpected " .. peek(), 0) end
  return function(s, init)
    for i = init or 1, #s + 1 do
      local caps = {open = {}}
      local stop = start(s, i, caps)
      if stop then local out = {}; for g = 1, groups do out[g] = caps[g] and s:sub(caps[g][1], caps[g][2]) or "-" end return i, stop - 1, table.unpack(out, 1, groups) end
    end
  end
end
local function show(p, s) local ok, m = pcall(compile, p); if not ok then return "error: " .. m end local r = table.pack(m(s)); for i = 1, r.n do r[i] = tostring(r[i]) end return r.n == 0 and "no match" or "<" .. table.concat(r, "|") .. ">" end
for _, c in ipairs {{"abc", "xabcx"}, {"a|b|cd", "xcd"}, {"(a|ab)(c|bcd)(d*)", "abcd"}, {"a*b", "aaab"}, {"(a+)(a*)", "aaa"}, {"(a+?)(a*)", "aaa"}, {"^x", "ax"}, {"c$", "abc"}, {"[a-c]+", "xxabcd"}, {"[^a-c]+", "abxyc"}, {"\\d+-\\d+", "tel 12-345"},
    {"(\\w+)@(\\w+)\\.com", "me: joe_x@mail.com!"}, {"a.c", "abc a c"}, {"x?y?z?", "yz"}, {"(ab)*", "ababa"}, {"((a)|b)*", "ab"}, {"a**", "a"}, {"(a", "a"}, {"a)", "a"}, {"[a", "a"}, {"", "abc"}, {"\\.", "a.b"}, {"(a*)*b", "aab"}, {"(x|y|)(z)", "az"}, {"\\S+\\s\\S+", "ab cd"}} do
  io.write(c[1], " ~ ", c[2], " => ", show(c[1], c[2]), "\n")
  --> abc ~ xabcx => <2|4>
  --> a|b|cd ~ xcd => <2|3>
  --> (a|ab)(c|bcd)(d*) ~ abcd => <1|4|a|bcd|>
  --> a*b ~ aaab => <1|4>
  --> (a+)(a*) ~ aaa => <1|3|aaa|>
  --> (a+?)(a*) ~ aaa => <1|3|a|aa>
  --> ^x ~ ax => no match
  --> c$ ~ abc => <3|3>
  --> [a-c]+ ~ xxabcd => <3|5>
  --> [^a-c]+ ~ abxyc => <3|4>
  --> \d+-\d+ ~ tel 12-345 => <5|10>
  --> (\w+)@(\w+)\.com ~ me: joe_x@mail.com! => <5|18|joe_x|mail>
  --> a.c ~ abc a c => <1|3>
  --> x?y?z? ~ yz => <1|2>
  --> (ab)* ~ ababa => <1|4|ab>
  --> ((a)|b)* ~ ab => <1|2|b|a>
  --> a** ~ a => error: nothing to repeat
  --> (a ~ a => error: missing )
  --> a) ~ a => error: unexpected )
  --> [a ~ a => error: missing ]
  -->  ~ abc => <1|0>
  --> \. ~ a.b => <2|2>
  --> (a*)*b ~ aab => <1|3|aa>
  --> (x|y|)(z) ~ az => <2|2||z>
  --> \S+\s\S+ ~ ab cd => <1|5>
end
-- The subset that Lua patterns share, on generated subjects.
local state = 99
local function random(n) state = (state * 1103515245 + 12345) & 0x7fffffff; return state // 65536 % n end
local agree = 0
for _, p in ipairs {"a", "ab*", "a*b", "[ab]+c", "a.b", "^a+", "b$", "[^a]", "ab?c"} do
  local m = compile(p)
  for _ = 1, 8 do
    local s = {}
    for i = 1, 6 do s[i] = ("abc"):sub(random(3) + 1, -1):sub(1, 1) end
    s = table.concat(s)
    local a, b = m(s); local c, d = s:find(p)
    assert(a == c and b == d, p .. " on " .. s); agree = agree + 1
  end
end
print(agree) --> 72
