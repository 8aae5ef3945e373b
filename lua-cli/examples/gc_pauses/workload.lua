-- The steady work that gc_pauses measures: `prepare` builds the live set, `iterate` is one
-- iteration. Globals OBJECTS, CHUNK (0: one flat array), STACKS and WEAK say in which form.

local objects, chunk = OBJECTS, CHUNK

local seed = 42
local function random()
  seed = seed * 16807 % 2147483647
  return seed % objects
end

-- Objects lie in rows of equal length: in chunks many short ones, flat a single one.
local rows = {}
local length = chunk > 0 and chunk or objects

local function fill(first)
  local row = {}
  for at = 1, math.min(length, objects - first) do row[at] = { x = first + at, y = at } end
  return row
end

-- Coroutines that wait, and one whose stack is deep.
local waiting, deep = {}, nil

local function keeper(index)
  local kept, turns = { x = index, y = 0 }, 0
  while true do
    turns = turns + 1
    kept.y = turns
    coroutine.yield(kept)
  end
end

local function descend(levels)
  local kept = { x = levels, y = 0 }
  if levels == 0 then
    while true do coroutine.yield(kept) end
  end
  descend(levels - 1)
  return kept
end

-- Weak tables of live objects, some of which have finalizers; what the program replaces dies in them.
local values, ephemerons = setmetatable({}, { __mode = "v" }), setmetatable({}, { __mode = "k" })
local finalizable, finalized = nil, 0
finalizable = { __gc = function() finalized = finalized + 1 end }

local function enter(index, object)
  if index % 8 < 5 then values[index] = object end
  if index % 16 == 0 then ephemerons[object] = { x = object } end
  if index % 8 == 5 then setmetatable(object, finalizable) end
end

function prepare()
  for first = 0, objects - 1, length do rows[#rows + 1] = fill(first) end
  if STACKS then
    for index = 1, 10000 do
      waiting[index] = coroutine.create(keeper)
      coroutine.resume(waiting[index], index)
    end
    deep = coroutine.create(descend)
    assert(coroutine.resume(deep, 100000))
  end
  if WEAK then
    for index = 0, objects - 1 do enter(index, rows[index // length + 1][index % length + 1]) end
  end
end

function iterate(step)
  for _ = 1, 20 do
    local index = random()
    local object = { x = step, y = index }
    rows[index // length + 1][index % length + 1] = object
    if WEAK then enter(index, object) end
  end
  local sum = 0
  for index = 1, 20 do
    local short_lived = { x = step, y = index }
    sum = sum + short_lived.y
  end
  for _ = 1, 20 do
    local index = random()
    rows[index // length + 1][index % length + 1].x = step
  end
  if STACKS then
    coroutine.resume(waiting[step % 10000 + 1])
    if step % 1000 == 0 then coroutine.resume(deep) end
  end
  return sum
end
