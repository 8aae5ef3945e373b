-- group: arrays
-- measures: table.insert and table.remove: as a stack, as a short queue, in the middle; `#t + 1`.

local insert, remove, concat = table.insert, table.remove, table.concat

local checksum = 0

local stack = {}
for round = 1, 28 do
  for index = 1, 100000 do insert(stack, index * round) end
  while #stack > 0 do checksum = (checksum + remove(stack)) % 1000003 end
end

local queue = {}
for index = 1, 32 do queue[index] = index end
for step = 1, 1600000 do
  local head = remove(queue, 1)
  checksum = (checksum + head * step) % 1000003
  insert(queue, head)
end

local middle = {}
for index = 1, 3000 do insert(middle, index % 50 + 1 <= #middle and index % 50 + 1 or 1, index) end
checksum = checksum + #concat(middle, ",")

local appended = {}
for index = 1, 2000000 do appended[#appended + 1] = index end
checksum = checksum + #appended
print(string.format("table_queue %d", checksum))
