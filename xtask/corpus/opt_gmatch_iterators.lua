-- The iterator of `gmatch` is computed without a frame where one result is wanted: the same as with one.

local it = ("abc"):gmatch(".")
print(it(), it(), it(), it(), it()) --> a	b	c	nil
local words = {}
for a in ("k=v, x=y"):gmatch("(%w)=(%w)") do words[#words + 1] = a end
for p in ("aXbX"):gmatch("()X") do words[#words + 1] = p end
for w in ("abc"):gmatch("") do words[#words + 1] = "[" .. w .. "]" end
for w in ("abc"):gmatch("b*") do words[#words + 1] = "[" .. w .. "]" end
for w in ("abc def"):gmatch("%a+", 3) do words[#words + 1] = w end
for a, b in ("k=v, x=y"):gmatch("(%w)=(%w)") do words[#words + 1] = a .. b end
print(table.concat(words, " ")) --> k x 2 4 [] [] [] [] [] [b] [] c def kv xy

-- One result and all of them in turn, from one iterator.
it = ("a1 b2 c3 d4"):gmatch("(%a)(%d)")
local first = it()
print(first, it()) --> a	b	2
print((it()), it()) --> c	d	4
print((it()), select("#", it())) --> nil	0
it = ("aaa"):gmatch("a", -2)
it() it()
print(select("#", it())) --> 0

-- Errors are those of the frame, also in the middle.
print(pcall(function() for w in ("abc"):gmatch("(b") do return w end end)) --> false	opt_gmatch_iterators.lua:25: unfinished capture
print(pcall(function() for w in ("abc"):gmatch("%") do return w end end)) --> false	opt_gmatch_iterators.lua:26: malformed pattern (ends with '%')

-- Long parts, parts as long as the subject, a pattern that takes long.
local long = ("x"):rep(1000)
for w in long:gmatch("x+") do print(#w, w == long) end --> 1000	true
for w in (long .. " " .. long):gmatch("x+") do print(#w, w == long) end
--> 1000	true
--> 1000	true
for w in (("a"):rep(3000) .. "b"):gmatch(".-b") do print(#w) end --> 3001
for w in ("a"):rep(3000):gmatch(".-b") do print(#w) end

-- Subjects and patterns live as long as the iterator, however often memory is collected.
local function iterator(n) return (("item" .. n .. ";"):rep(50)):gmatch("(%a+" .. n .. ");") end
local all = {}
for n = 1, 20 do all[n] = iterator(n) end
for round = 1, 50 do
  for n = 1, 20 do assert(all[n]() == "item" .. n) end
  if round % 10 == 0 then collectgarbage() end
end
print(all[1](), (all[20]())) --> nil	nil

-- Hooks see the calls.
local calls = 0
debug.sethook(function() calls = calls + 1 end, "c")
for w in ("a b c"):gmatch("%a") do end
debug.sethook()
print(calls >= 5) --> true

-- The debug library changes what the iterator has, and nothing breaks.
it = ("abcdef"):gmatch(".")
it()
debug.setupvalue(it, 2, "..")
print(it()) --> bc
debug.setupvalue(it, 3, 100)
print(select("#", it())) --> 0
debug.setupvalue(it, 3, math.mininteger)
print(select("#", it())) --> 0
debug.setupvalue(it, 3, 2)
debug.setupvalue(it, 1, "uvwxyz")
print((it())) --> wx
debug.setupvalue(it, 1, 5)
print(pcall(it)) --> true
