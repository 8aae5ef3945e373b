-- group: hash
-- measures: tables, booleans and functions as keys: graph search with a visited set, memo tables.

local COUNT = 20000

local nodes = {}
for index = 1, COUNT do nodes[index] = { value = index } end
local edges = {}
for index = 1, COUNT do
  edges[nodes[index]] = {
    nodes[(index * 7) % COUNT + 1],
    nodes[(index * 31 + 5) % COUNT + 1],
    nodes[index % COUNT + 1],
  }
end

local function distances(start)
  local distance, frontier, first, last = { [start] = 0 }, { start }, 1, 1
  local total = 0
  while first <= last do
    local node = frontier[first]
    frontier[first] = nil
    first = first + 1
    local reached = distance[node]
    total = total + reached
    for _, neighbour in ipairs(edges[node]) do
      if distance[neighbour] == nil then
        distance[neighbour] = reached + 1
        last = last + 1
        frontier[last] = neighbour
      end
    end
  end
  return total
end

local checksum = 0
for round = 1, 84 do checksum = checksum + distances(nodes[round * 100]) end

local memo = {}
for round = 1, 60 do
  for index = 1, COUNT do
    local node = nodes[index]
    memo[node] = (memo[node] or 0) + node.value * round
  end
end
for index = 1, COUNT, 100 do checksum = (checksum + memo[nodes[index]]) % 100000007 end
print(string.format("hash_objects %d", checksum))
