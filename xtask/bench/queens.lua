-- group: arrays
-- measures: backtracking over small boolean arrays: all solutions for several boards.

local function solve(size)
  local columns, rising, falling = {}, {}, {}
  for i = 1, size do columns[i] = true end
  for i = 1, 2 * size do rising[i], falling[i] = true, true end
  local solutions = 0

  local function place(row)
    if row > size then
      solutions = solutions + 1
      return
    end
    for column = 1, size do
      local up, down = row + column, row - column + size
      if columns[column] and rising[up] and falling[down] then
        columns[column], rising[up], falling[down] = false, false, false
        place(row + 1)
        columns[column], rising[up], falling[down] = true, true, true
      end
    end
  end

  place(1)
  return solutions
end

local total = 0
for _ = 1, 12 do
  for size = 4, 11 do total = total + solve(size) end
end
print(string.format("queens %d", total))
