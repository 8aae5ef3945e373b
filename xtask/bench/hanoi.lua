-- group: calls
-- measures: recursion that moves discs between stacks; `#`, push and pop on three short lists.

local moves = 0

local function move(from, to)
  local disc = from[#from]
  from[#from] = nil
  to[#to + 1] = disc
  moves = moves + 1
end

local function solve(count, from, to, spare)
  if count == 1 then
    move(from, to)
  else
    solve(count - 1, from, spare, to)
    move(from, to)
    solve(count - 1, spare, to, from)
  end
end

local checksum = 0
for discs = 10, 22 do
  local pegs = { {}, {}, {} }
  for disc = discs, 1, -1 do pegs[1][#pegs[1] + 1] = disc end
  solve(discs, pegs[1], pegs[3], pegs[2])
  for index = 1, discs do checksum = checksum + pegs[3][index] * index end
end
print(string.format("hanoi %d %d", moves, checksum))
