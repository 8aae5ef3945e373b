-- find and match without a frame where one result is wanted, with one where more are: the same answers, errors and limits.
local function try(f, ...) local r = table.pack(pcall(f, ...)); if not r[1] then r[2] = tostring(r[2]):gsub('^[^:]+:%d+: ', '') end return table.unpack(r, 1, r.n) end
local subjects = { "", "a", "hello world", "key = value", "f(a(b)c)(d)", "2024-01-15", "  x  ", "\0a\0", ("x"):rep(300) .. "y", "aXbXc" }
local patterns = { "", "a", "l+", "(%w+)%s*=%s*(%w+)", "%b()", "(%d+)-(%d+)", "^%s*(.-)%s*$", "()x()", "%z", "[^%w]", "x-y", "%f[%w]%w+", "(a)(X)%2?", "^", "$", "o w", "%." , "(h)(.)%1" }
local different = 0
for _, s in ipairs(subjects) do
  for _, p in ipairs(patterns) do
    for _, init in ipairs { 1, 2, 0, -1, -3, 100, -100 } do
      local m = s:match(p, init)
      local t = table.pack(s:match(p, init))
      local f = s:find(p, init)
      local g = table.pack(s:find(p, init))
      local q = s:find(p, init, true)
      local r = table.pack(s:find(p, init, true))
      if m ~= t[1] or f ~= g[1] or q ~= r[1] then different = different + 1 end
      if (m == nil) ~= (f == nil) then different = different + 1 end
      if s:find(p, init) then if f == nil then different = different + 1 end elseif f then different = different + 1 end
    end
  end
end
print(different) --> 0
for _, p in ipairs { "(", "%", "[a", "(()", ")", "%1", "%b", "%f", "(a" } do
  io.write(tostring(try(function() local x = ("abc"):match(p) end)), " ", tostring(try(function() if ("abc"):find(p) then end end)), ";")
end
print("") --> false false;false false;false false;false false;false true;false false;false false;false false;false false;
print(try(function() local x = ("abc"):match("(") end)) --> false	unfinished capture
print(try(function() local x = ("aaa"):find("(a") end)) --> false	unfinished capture
print(try(function() local x = string.find("abc") end)) --> false	bad argument #2 to 'find' (string expected, got no value)
print(try(function() local x = string.match({}, "a") end)) --> false	bad argument #1 to 'match' (string expected, got table)
print(try(function() local x = ("x"):find("x", {}) end)) --> false	bad argument #2 to 'find' (number expected, got table)
print(string.find(123, 2), (string.match(12345, "%d%d")), (("a12"):find(1)), (("x1.5"):find("1.5", 1.0))) --> 2	12	2	2
local x = ("a"):rep(70000) .. "b"
print((x:find("b", 1, true)), (x:find("b")), (x:match("a*b") == x), (x:match("(a-)b") == x:sub(1, -2)), #x:match("a+")) --> 70001	70001	true	true	70000
print(try(function() local y = ("a"):rep(250000):match(("a?"):rep(300) .. "b") end)) --> false	pattern too complex
-- Replaced in a loop; a string metatable that looks elsewhere.
local find, r = string.find, {}
for i = 1, 4 do
  if i == 2 then string.find = function() return "mine" end end
  if i == 3 then string.find = find end
  if i == 4 then getmetatable("").__index = function(s, k) return function() return k end end end
  local v = ("abc"):find("c")
  r[i] = tostring(v)
end
getmetatable("").__index = string
print(table.concat(r, " ")) --> 3 mine 3 find
-- Iterations: where they begin, empty matches, several at once, and what changes under them.
local function all(...) local t = {}; for a, b in string.gmatch(...) do t[#t + 1] = tostring(a) .. (b and "/" .. tostring(b) or "") end return table.concat(t, " ") end
print(all("hello", "."), all("hello", "l*"), all("a=1, b=2", "(%w+)=(%w+)"), all("abc", "()"), all("", ".*")) --> h e l l o	  ll 	a/1 b/2	1 2 3 4	
print(all("hello", ".", 3), all("hello", ".", -2), all("hello", "", 6), all("hello", "", 7), all("hello", "l?", 0)) --> l l o	l o			  l l 
print(all("^a^a", "^a"), all("one two", "%a+", 5), all("aé日", utf8.charpattern)) --> ^a ^a	two	a é 日
local outer = {}
for a in ("ab cd"):gmatch("%a+") do for b in a:gmatch(".") do outer[#outer + 1] = a .. b end collectgarbage() end
print(table.concat(outer, " ")) --> aba abb cdc cdd
local it = ("abc"):gmatch(".")
print(it(), it(), it(), it(), it()) --> a	b	c	nil
print(try(function() for x in ("abc"):gmatch("(a") do end end)) --> false	unfinished capture
local wrapped = coroutine.wrap(function() for w in ("x y z"):gmatch("%a") do coroutine.yield(w) end end)
print(wrapped(), wrapped(), wrapped()) --> x	y	z
