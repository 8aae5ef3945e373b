-- goto and labels: continue, nested breaks, backward jumps, scope rules, errors.
local out = {}
for i = 1, 5 do
  if i % 2 == 0 then goto continue end
  out[#out + 1] = i
  ::continue::
end
print(table.concat(out, " ")) --> 1 3 5
for i = 1, 3 do for j = 1, 3 do if i * j == 4 then goto found end end end
::found::
do local i = 1; ::top:: if i <= 3 then i = i + 1; goto top end print(i) end --> 4
-- Same label names in different blocks and functions.
do goto l; ::l:: end
do goto l; ::l:: end
local function f() goto l; do return "skipped" end ::l:: return "f reached" end
print(f()) --> f reached
-- A label at the end of a block is outside of the scope of its locals.
do
  goto finish
  local skipped = 1
  ::finish::
end
while true do
  if out then goto leave end
  do break end
  ::leave:: ; ;
  break
end
repeat
  if true then goto cont end
  out.z = 1
  ::cont::
until true
-- State machine.
local function machine(input)
  local pos, trace = 0, {}
  local c
  ::next_char::
  pos = pos + 1
  c = input:sub(pos, pos)
  if c == "a" then goto state_a elseif c == "b" then goto state_b else goto done end
  ::state_a:: trace[#trace + 1] = "A"; goto next_char
  ::state_b:: trace[#trace + 1] = "B"; goto next_char
  ::done:: return table.concat(trace)
end
print(machine "abba", machine "bx", machine "" == "") --> ABBA	B	true
-- break inside of nested loops of all kinds.
local log = {}
for i = 1, 3 do while true do repeat if i == 2 then break end log[#log + 1] = i until true; break end if i == 3 then break end end
print(table.concat(log, ",")) --> 1,3
-- Jump out of several blocks with locals in between.
do local a = 1; do local b = 2; do local c = 3; goto out_of_all end end end
::out_of_all::
local function syntax(source) local fn, message = load(source, "=s"); return fn and "ok" or message end
print(syntax("goto l; local a; ::l:: print(a)")) --> s:1: <goto l> at line 1 jumps into the scope of local 'a'
print(syntax("goto l; local a; ::l::"), syntax("goto l; local a; ::l:: ; ::m:: ;"), syntax("do goto l; local a; ::l:: end"))
--> ok	ok	ok
print(syntax("goto l; do ::l:: end")) --> s:1: no visible label 'l' for <goto> at line 1
print(syntax("do ::l:: end goto l")) --> s:1: no visible label 'l' for <goto> at line 1
print(syntax("::l:: do ::l:: end")) --> s:1: label 'l' already defined on line 1
print(syntax("::l:: ::l::")) --> s:1: label 'l' already defined on line 1
print(syntax("\n::l::\n\n::l::")) --> s:4: label 'l' already defined on line 4
print(syntax("::l:: function f() goto l end")) --> s:1: no visible label 'l' for <goto> at line 1
print(syntax("function f() ::l:: end goto l")) --> s:1: no visible label 'l' for <goto> at line 1
print(syntax("repeat if x then goto cont end; local xuxu = 10; ::cont:: until xuxu < x"))
--> s:1: <goto cont> at line 1 jumps into the scope of local 'xuxu'
print(syntax("break"), syntax("if x then break end"), syntax("while x do function f() break end end"))
--> s:1: break outside loop at line 1	s:1: break outside loop at line 1	s:1: break outside loop at line 1
print(syntax("goto = 1"), syntax("goto l ::l::"), syntax("goto 1")) --> s:1: <name> expected near '='	ok	s:1: <name> expected near '1'
print(syntax("goto l1; local aa ::l1:: ::l2:: print(3)")) --> s:1: <goto l1> at line 1 jumps into the scope of local 'aa'
print(syntax("\n\ngoto nothere")) --> s:3: no visible label 'nothere' for <goto> at line 3
print(syntax("while true do goto out; local x; end ::out::"), syntax("::a:: goto b; ::b:: goto a")) --> ok	ok
