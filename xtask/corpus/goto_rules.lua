-- goto and labels: continue, nested breaks, backward jumps, scope rules, errors.
local out = {}
for i = 1, 5 do
  if i % 2 == 0 then goto continue end
  out[#out + 1] = i
  ::continue::
end
print(table.concat(out, " "))
for i = 1, 3 do for j = 1, 3 do if i * j == 4 then goto found end end end
::found::
do local i = 1; ::top:: if i <= 3 then i = i + 1; goto top end print(i) end
-- Same label names in different blocks and functions.
do goto l; ::l:: end
do goto l; ::l:: end
local function f() goto l; do return "skipped" end ::l:: return "f reached" end
print(f())
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
  local z = 1
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
print(machine "abba", machine "bx", machine "" == "")
-- break inside of nested loops of all kinds.
local log = {}
for i = 1, 3 do while true do repeat if i == 2 then break end log[#log + 1] = i until true; break end if i == 3 then break end end
print(table.concat(log, ","))
-- Jump out of several blocks with locals in between.
do local a = 1; do local b = 2; do local c = 3; goto out_of_all end end end
::out_of_all::
local function syntax(source) local fn, message = load(source, "=s"); return fn and "ok" or message end
print(syntax("goto l; local a; ::l:: print(a)"))
print(syntax("goto l; local a; ::l::"), syntax("goto l; local a; ::l:: ; ::m:: ;"), syntax("do goto l; local a; ::l:: end"))
print(syntax("goto l; do ::l:: end"))
print(syntax("do ::l:: end goto l"))
print(syntax("::l:: do ::l:: end"))
print(syntax("::l:: ::l::"))
print(syntax("\n::l::\n\n::l::"))
print(syntax("::l:: function f() goto l end"))
print(syntax("function f() ::l:: end goto l"))
print(syntax("repeat if x then goto cont end; local xuxu = 10; ::cont:: until xuxu < x"))
print(syntax("break"), syntax("if x then break end"), syntax("while x do function f() break end end"))
print(syntax("goto = 1"), syntax("goto l ::l::"), syntax("goto 1"))
print(syntax("goto l1; local aa ::l1:: ::l2:: print(3)"))
print(syntax("\n\ngoto nothere"))
print(syntax("while true do goto out; local x; end ::out::"), syntax("::a:: goto b; ::b:: goto a"))
