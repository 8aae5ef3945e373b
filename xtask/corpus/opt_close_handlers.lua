-- __close called without a slow path: handlers that change, yield, raise, are host functions or need room, and blocks run again.
local log = {}
local function note(text) log[#log + 1] = text end
local function flush() local s = table.concat(log, " "); log = {}; return s end
local meta = { __close = function(v) note("a" .. v[1]) end }
local function make(i) return setmetatable({ i }, meta) end
for i = 1, 4 do
  local x <close> = make(i)
  if i == 2 then meta.__close = function(v) note("b" .. v[1]) end end
  if i == 3 then meta.__close = setmetatable({}, { __call = function(_, v) note("c" .. v[1]) end }) end
  if i == 4 then meta.__close = rawlen end
end
print(flush()) --> a1 b2 c3
-- Two of them above one captured variable; the block is left by break, goto and its end.
meta.__close = function(v) note("d" .. v[1]) end
local gets = {}
for i = 1, 6 do
  local captured = i
  local x <close>, y = make(i), i
  local z <close> = make(-i)
  gets[i] = function() captured = captured + 1; return captured + y end
  if i == 2 then goto continue end
  if i == 5 then break end
  note("end")
  ::continue::
end
print(flush()) --> end d-1 d1 d-2 d2 end d-3 d3 end d-4 d4 d-5 d5
print(gets[1](), gets[1](), gets[2](), gets[5]()) --> 3	4	5	11
-- A handler that yields, and one that raises, in a loop that was warm.
local co = coroutine.wrap(function()
  for i = 1, 3 do
    local x <close> = make(i)
    if i == 3 then meta.__close = function(v) note("y" .. coroutine.yield(v[1])) end end
  end
  return "done"
end)
print(co(), co("back"), flush()) --> 3	done	d1 d2 yback
meta.__close = function(v, e) note("r" .. v[1] .. tostring(e ~= nil)); error("from close", 0) end
print(pcall(function() local a <close> = make(1); do local b <close> = make(2) end; note("not here") end)) --> false	from close
print(flush()) --> r2false r1true
-- Recursion within handlers, and results that stay where they are.
meta.__close = function(v) if v[1] > 0 then local inner <close> = make(v[1] - 1) end; note(v[1]); return 1, 2, 3 end
local a, b = 10, 20
do local x <close> = make(3); a = a + 1 end
print(a, b, flush()) --> 11	20	0 1 2 3
-- nil and false in the same place as values to close.
for i = 1, 4 do local x <close> = i % 2 == 0 and make(0) or nil end
print(flush()) --> 0 0
-- Under hooks the calls show.
local names, calls = {}, 0
meta.__close = function() note("h") end
debug.sethook(function(event) calls = calls + 1 end, "cr")
do local x <close> = make(1) end
debug.sethook()
print(flush(), calls >= 3) --> h	true
