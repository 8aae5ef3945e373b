-- Tables that are marked in segments: items move while a cycle runs, and the fields beside them come and go, so that the
-- numbers of segments change.

local ITEMS, FIELDS = 4096, 40

-- The same numbers in every run.
local seed = 42
local function random(n)
  seed = (seed * 1103515245 + 12345) % 2147483648
  return seed // 65536 % n + 1
end

local function new()
  local t = {}
  for i = 1, ITEMS do t[i] = {i} end
  return t
end

local function check(t, fields)
  local seen = {}
  for i = 1, ITEMS do
    local item = t[i]
    assert(type(item) == "table" and #item == 1 and not seen[item[1]] and item[1] >= 1 and item[1] <= ITEMS)
    seen[item[1]] = true
  end
  for i = 1, fields do assert(t["field" .. i][1] == "field" .. i) end
end

-- Lets an item stand for a moment in nothing but another place.
local function swap(t)
  local i, j = random(ITEMS), random(ITEMS)
  t[i], t[j] = t[j], t[i]
end

-- Turns the items of a range by half of it.
local function rotate(t)
  local first = random(ITEMS - 300)
  local held = table.move(t, first, first + 149, 1, {})
  table.move(t, first + 150, first + 299, first)
  table.move(held, 1, 150, first + 150, t)
end

-- Modes, and how small the steps are.
local SLOW, SLOWER, AGES = {"incremental", 100, 100, 10}, {"incremental", 100, 50, 6}, {"generational"}

local checked = 0
for _, mode in ipairs {SLOW, SLOWER, AGES} do
  collectgarbage(table.unpack(mode))
  for round = 1, 6 do
    local t, fields = new(), 0
    for turn = 1, FIELDS do
      collectgarbage("step", 0)
      fields = fields + 1
      t["field" .. fields] = {"field" .. fields}
      for _ = 1, 30 do swap(t) end
      rotate(t)
      for i = 1, 20 do local garbage = {{i}} end
      if turn % 10 == 0 then check(t, fields) end
    end
    for i = 1, fields do t["field" .. i] = nil end
    check(t, 0)
    checked = checked + 1
  end
end
print(checked) --> 18
collectgarbage("incremental", 200, 100, 13)
