-- What only a deep frame holds moves to where a cycle has been already, and the frame forgets it.
local ballast = {}
for i = 1, 2500 do ballast[i] = { { i } } end

local function settle(box, count)
  for i = 1, 150 do collectgarbage("step", 0) end
  local fill = {}
  for i = 1, 2 * count do fill[i] = { -i } end
  for i = 1, count do assert(box[i][1] == i, i) end
  return #fill == 2 * count
end

local box
local function down(level, count)
  local kept = { level }
  if level == count then
    collectgarbage()
    collectgarbage("step", 0) -- A cycle begins.
    box = { {}, {} }
    for i = 1, count do box[i] = false end
  else
    down(level + 1, count)
  end
  box[level] = kept
  kept = nil
  return level
end
for _, count in ipairs { 300, 900, 1500 } do
  down(1, count)
  print(settle(box, count)) --> true
  --> true
  --> true
end

-- The same when a coroutine that waits deep down goes on.
local function wait(level, count)
  local kept = { level }
  if level == count then coroutine.yield() else wait(level + 1, count) end
  box[level] = kept
  kept = nil
  return level
end
for _, count in ipairs { 300, 1500 } do
  local go = coroutine.wrap(wait)
  go(1, count)
  collectgarbage()
  collectgarbage("step", 0)
  box = {}
  for i = 1, count do box[i] = false end
  go()
  print(settle(box, count)) --> true
  --> true
end

-- And when the debug library takes it.
local function taken(level, count)
  local kept = { level }
  if level < count then
    taken(level + 1, count)
  else
    collectgarbage()
    collectgarbage("step", 0)
    box = {}
    for i = 1, count do box[i] = false end
    for at = 1, count do
      local name, value = debug.getlocal(count - at + 1, 3)
      assert(name == "kept")
      box[at] = value
      debug.setlocal(count - at + 1, 3, nil)
    end
  end
  assert(kept == nil)
  return level
end
taken(1, 900)
print(settle(box, 900)) --> true
