-- group: arrays
-- measures: swapping and reversing short integer arrays: the most flips of any permutation.

local SIZE = 10

local function fannkuch(n)
  local perm, flipped, count = {}, {}, {}
  for i = 1, n do
    perm[i] = i
    count[i] = i
  end
  local most, checksum, sign = 0, 0, 1
  while true do
    local first = perm[1]
    if first ~= 1 then
      for i = 1, n do flipped[i] = perm[i] end
      local flips = 0
      while first ~= 1 do
        local low, high = 1, first
        while low < high do
          flipped[low], flipped[high] = flipped[high], flipped[low]
          low, high = low + 1, high - 1
        end
        flips = flips + 1
        first = flipped[1]
      end
      if flips > most then most = flips end
      checksum = checksum + sign * flips
    end
    -- The next permutation, in the order that alternates the sign.
    if sign == 1 then
      perm[1], perm[2] = perm[2], perm[1]
      sign = -1
    else
      perm[2], perm[3] = perm[3], perm[2]
      sign = 1
      local width = 3
      while true do
        if count[width] > 1 then
          count[width] = count[width] - 1
          break
        end
        if width == n then return checksum, most end
        count[width] = width
        local moved = perm[1]
        for j = 1, width do perm[j] = perm[j + 1] end
        width = width + 1
        perm[width] = moved
      end
    end
  end
end

local checksum, most = fannkuch(SIZE)
print(string.format("fannkuch %d %d", checksum, most))
