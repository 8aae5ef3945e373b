-- group: hash
-- measures: counting substrings of a long text in tables with string keys.

local LENGTH = 60000

local seed = 42
local function random()
  seed = (seed * 3877 + 29573) % 139968
  return seed / 139968
end

local function sequence(length)
  local parts = {}
  for index = 1, length do
    local x = random()
    parts[index] = x < 0.3 and "a" or x < 0.5 and "c" or x < 0.7 and "g" or "t"
  end
  return table.concat(parts)
end

local function count(text, width)
  local counts, sub = {}, string.sub
  for first = 1, #text - width + 1 do
    local key = sub(text, first, first + width - 1)
    counts[key] = (counts[key] or 0) + 1
  end
  return counts
end

local text = sequence(LENGTH)
local lines = {}
for width = 1, 2 do
  local counts, keys = count(text, width), {}
  for key in pairs(counts) do keys[#keys + 1] = key end
  table.sort(keys, function(a, b)
    if counts[a] ~= counts[b] then return counts[a] > counts[b] end
    return a < b
  end)
  for _, key in ipairs(keys) do lines[#lines + 1] = key .. counts[key] end
end
for round = 1, 22 do
  for _, pattern in ipairs { "ggt", "ggta", "ggtatt", "ggtattttaatt", "ggtattttaatttatagt" } do
    local counts = count(text, #pattern)
    lines[#lines + 1] = round .. ":" .. (counts[pattern] or 0)
  end
end
local checksum = 0
for _, line in ipairs(lines) do
  for index = 1, #line do checksum = (checksum * 31 + line:byte(index)) % 1000003 end
end
print(string.format("k_nucleotide %s %s %d", lines[1], lines[5], checksum))
