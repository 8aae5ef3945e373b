-- group: allocation
-- measures: table constructors of all shapes: records, nested records, lists, empty then filled.

local function point(x, y, z) return { x = x, y = y, z = z } end

local function segment(a, b)
  return { from = a, to = b, label = "segment", style = { width = 1, dashed = false } }
end

local function row(i) return { i, i + 1, i + 2, i + 3, i + 4, i + 5, i + 6, i + 7 } end

local function filled(i)
  local object = {}
  object.first = i
  object.second = i + 1
  object.third = i + 2
  object.fourth = i + 3
  object.fifth = i + 4
  return object
end

local function grown(i)
  local list = {}
  for index = 1, 12 do list[index] = index + i end
  return list
end

local checksum = 0
for i = 1, 560000 do
  local s = segment(point(i, i + 1, i + 2), point(3, 2, i))
  local r, f, g = row(i), filled(i), grown(i)
  checksum = (checksum + s.from.x + s.to.z + s.style.width + r[8] + f.fifth + g[12]) % 1000003
end
print(string.format("constructors %d", checksum))
