-- group: coroutines
-- measures: a recursive generator in a coroutine, one yield per permutation.

local function permute(list, count)
  if count <= 1 then
    coroutine.yield(list)
    return
  end
  for index = 1, count do
    list[count], list[index] = list[index], list[count]
    permute(list, count - 1)
    list[count], list[index] = list[index], list[count]
  end
end

local function permutations(size)
  local list = {}
  for index = 1, size do list[index] = index end
  return coroutine.wrap(function() permute(list, size) end)
end

local checksum, count = 0, 0
for _ = 1, 11 do
  for list in permutations(9) do
    count = count + 1
    checksum = (checksum * 3 + list[1] * 7 + list[5]) % 1000003
  end
end
print(string.format("permutations %d %d", count, checksum))
