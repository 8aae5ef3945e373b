-- group: allocation
-- measures: many short-lived small tables beside a long-lived tree.

local DEPTH = 15

local function bottom_up(depth)
  if depth == 0 then return {} end
  return { bottom_up(depth - 1), bottom_up(depth - 1) }
end

local function count(tree)
  if tree[1] then return 1 + count(tree[1]) + count(tree[2]) end
  return 1
end

local long_lived = bottom_up(DEPTH)
local total = count(bottom_up(DEPTH + 1))
for depth = 4, DEPTH, 3 do
  local trees = 2 ^ (DEPTH - depth + 5)
  for _ = 1, trees do total = total + count(bottom_up(depth)) end
end
print(string.format("binary_trees %d %d", total, count(long_lived)))
