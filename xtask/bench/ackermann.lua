-- group: calls
-- measures: deep recursion, a call as an argument of a tail call.

local function ackermann(m, n)
  if m == 0 then return n + 1 end
  if n == 0 then return ackermann(m - 1, 1) end
  return ackermann(m - 1, ackermann(m, n - 1))
end

local total = 0
for _ = 1, 15 do
  for n = 1, 8 do total = total + ackermann(3, n) end
end
print(string.format("ackermann %d", total))
