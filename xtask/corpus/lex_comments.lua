-- Comments in all places, and what looks like one.
local a = 1 -- after a statement
local b --[[ between ]] = --[[ two ]] 2 --[==[ and
more ]==] local c = 3
local same --[[ several
lines ]] = "same line"
print(a, b, c, same) --> 1	2	3	same line
--
---
----[[ not long
print "runs" --> runs
local log = {}
--[[]] log[1] = "after an empty long comment"
--[==[ ]] ]=] [[ nested looks ]==] log[2] = "levels"
print(log[1], log[2]) --> after an empty long comment	levels
local t = { -- in a constructor
  1, -- one
  --[[ two ]] 2,
  -- three
  x = --[[ value ]] 4, -- four
}
print(#t, t.x) --> 2	4
local s = "-- not a comment" .. '--[[ neither ]]' .. [[-- nor this]]
print(#s, s:sub(1, 5)) --> 42	-- no
local function f( -- parameters
  x, --[[ second ]] y -- end
) -- body
  return x --[[ plus ]] + y -- sum
end -- done
local three = f(1, -- first argument
  2) -- call
print(three) --> 3
local two = 5--[[minus]]-3
print(5 - -3, 5 - - 3, two) --> 8	8	2
if a == 1 -- condition
then -- branch
  print "then" --> then
else -- other
  print "else"
end
for i = 1, --[[ limit ]] 2 do -- loop
  --[[ nothing ]]
end
goto --[[ where ]] done
print "skipped"
::done:: -- label
return_value = (function() return -- nothing here
end)()
local count_below = select("#", (function() return -- values below
  1, 2 end)())
print(return_value, count_below) --> nil	2
local function lines(source) return select(2, load(source, "=s")) end
print(lines("--[[\n\n]] x ="), lines("-- c\n--[==[\n]=]\n]==]\nx = ="), lines("--[[ open"), lines("x = 1 --[==[ ]]"), lines("--[=[ ]=] ]"))
--> s:3: unexpected symbol near <eof>	s:5: unexpected symbol near '='	s:1: unfinished long comment (starting at line 1) near <eof>	s:1: unfinished long comment (starting at line 1) near <eof>	s:1: unexpected symbol near ']'
print(load("return 1--2")(), load("return 1--[[2]]+3")(), load("return--x\n4")(), load("--only")(), load("--[[only]]")(), load("return 2 --")())
--> 1	4	4	nil	nil	2
print(#load("return '--[[' .. [==[--]]]==]")(), load("return [[--\n]]")() == "--\n") --> 8	true
local count = 0
for line in ("a -- b\n--c\nd--[[e]]"):gmatch "[^\n]+" do if line:find("--", 1, true) then count = count + 1 end end
print(count) --> 3
