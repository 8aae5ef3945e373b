-- A handler of a stack overflow has some room beyond the limit; an overflow in it is an error of its own, and if the handler
-- catches that, it can go on.
local function loop(x) return 1 + loop(x) end
local calls = 0
local ok, result = xpcall(loop, function(message)
  calls = calls + 1
  local again, inner = pcall(loop)
  local text = string.format("%s %s", tostring(again), inner)
  return {tostring(message):match("stack overflow"), text, math.type(math.abs(-1))}
end)
print(ok, calls, table.unpack(result)) --> false	1	stack overflow	false error in error handling	integer
-- Afterwards there is all the room again.
print(select("#", table.unpack({}, 1, 100000))) --> 100000
print((select(2, pcall(loop)):match("stack overflow"))) --> stack overflow
