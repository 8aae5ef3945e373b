-- group: calls
-- measures: recursion with three arguments and four calls a step, through a global.

function tak(x, y, z)
  if y >= x then return z end
  return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y))
end

local total = 0
for round = 1, 60 do total = total + tak(20 + round % 2, 12, 5) end
print(string.format("tak %d", total))
