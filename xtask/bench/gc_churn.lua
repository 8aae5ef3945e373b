-- group: allocation
-- measures: a live set that is replaced at random: records, small arrays, closures, strings.

local LIVE = 40000

local seed = 9
local function random(limit)
  seed = (seed * 16807) % 2147483647
  return seed % limit
end

local function record(index) return { id = index, next = false, weight = index * 0.5 } end
local function array(index) return { index, index + 1, index + 2, index + 3 } end
local function closure(index) return function() return index end end
local function text(index) return "object number " .. index end
local makers = { record, array, closure, text }

local live = {}
for index = 1, LIVE do live[index] = record(index) end

local checksum = 0
for step = 1, 1500000 do
  local slot = random(LIVE) + 1
  local fresh = makers[step % 4 + 1](step)
  if step % 4 == 0 then
    local neighbour = live[slot]
    if type(neighbour) == "table" and neighbour.id then
      neighbour.next = false
      fresh.next = neighbour
      checksum = (checksum + neighbour.id) % 1000003
    end
  end
  live[slot] = fresh
end

local kinds = { table = 0, ["function"] = 0, string = 0 }
for index = 1, LIVE do
  local kind = type(live[index])
  kinds[kind] = kinds[kind] + 1
end
print(string.format("gc_churn %d %d %d %d", checksum, kinds.table, kinds["function"], kinds.string))
