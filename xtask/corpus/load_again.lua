-- Small chunks one after another: nothing of one is seen in the next, after errors neither.
local function result(text, ...) local f, e = load(text, "=c"); if not f then return e end return f(...) end
print(result("local a <const>, b = 5, 6; return a + b"), result("return a, b")) --> 11	nil	nil
print(result("goto done; local x; ::done::"), result("goto done"), result("::done:: return 'fine'")) --> nil	c:1: no visible label 'done' for <goto> at line 1	fine
print(result("return function("), result("return 1"), result("x = = 1")) --> c:1: <name> or '...' expected near <eof>	1	c:1: unexpected symbol near '='
print(select("#", result("return ...", 1, nil, nil)), result("local a, b = ... return b", 1, 2)) --> 3	2
local same, sum = 0, 0
for i = 1, 300 do
  local f = load("local v" .. i .. " = " .. i .. "; return function() return v" .. i .. " + " .. (i % 7) .. ", 'text" .. (i % 5) .. "' end")
  local n, text = f()()
  sum = sum + n
  if text == "text" .. i % 5 then same = same + 1 end
  if i % 10 == 0 then load("local broken " .. i .. " = ") end
end
print(same, sum) --> 300	46053
-- A chunk loaded while another one is read, and by what a chunk does.
local pieces = { "return ", "1 + ", false, "2" }
local at = 0
local f = load(function() at = at + 1; if pieces[at] == false then load("error(")  at = at + 1 end return pieces[at] end)
print(f(), result("return load('return load(\"return 7\")()')()")) --> 3	7
-- Long and short sources, names and lines keep apart.
local long = ("local x = 1; "):rep(180) .. "return debug.getinfo(1, 'S').short_src, debug.getinfo(1, 'l').currentline"
print(load(long)()) --> [string "local x = 1; local x = 1; local x = 1; local ..."]	1
print(load("\n\n" .. "return debug.getinfo(1, 'S').short_src, debug.getinfo(1, 'l').currentline", "@a name that is longer than forty bytes, surely")()) --> a name that is longer than forty bytes, surely	3
print(debug.getinfo(load("return 1"), "S").source, debug.getinfo(load("return 1", "@n"), "S").source) --> return 1	@n
local dumped = string.dump(load("local a, b = ...; local t = { a, b, 'k', k = 1.5 }; return t[1] + b, t.k, function() return t, a end"))
local d = load(dumped, "d", "b")
print((d(1, 2)), select(2, d(3, 4)), #string.dump(d) == #dumped) --> 3	1.5	true
local names = {}
for i = 1, 40 do names[i] = "local n" .. i .. " = 'n" .. i .. "'" end
local many = load(string.dump(load(table.concat(names, "\n") .. "\nreturn n1 .. n12 .. n13 .. n14 .. n40, function() return n1, n40 end")))
local joined, get = many()
print(joined, get()) --> n1n12n13n14n40	n1	n40
