-- A variable whose last closure died, and which is captured again before the dead upvalue has been swept.
local function recapture(steps)
  local value, other = { "first" }, { "other" }
  do
    local first, second = function() return value end, function() value, other = value, other end
    assert(first()[1] == "first" and second)
  end
  for i = 1, steps do collectgarbage("step", 0) end
  local get, set = function() return value, other end, function(new) value = new end
  for i = 1, 60 - steps do collectgarbage("step", 0) end
  -- What was freed wrongly is used again by now.
  local fill = {}
  for i = 1, 100 do local taken = { i } fill[i] = function() return taken end end
  set({ "second" })
  for i = 1, 100 do assert(fill[i]()[1] == i) end
  local a, b = get()
  return a == value and a[1] == "second" and b == other and b[1] == "other"
end

-- Enough that a cycle takes many steps.
local ballast = {}
for i = 1, 1500 do ballast[i] = { i, function() return i end } end
local good = 0
for steps = 1, 40 do
  if recapture(steps) then good = good + 1 end
end
print(good, #ballast) --> 40	1500

-- The same on the stacks of coroutines that wait.
local function coroutine_of(id)
  return coroutine.wrap(function()
    local mine = { id }
    while true do
      do local gone = function() return mine end assert(gone) end
      coroutine.yield()
      local get = function() return mine end
      coroutine.yield(get)
      get = nil
    end
  end)
end
local all, count = {}, 0
for i = 1, 20 do all[i] = coroutine_of(i) end
for round = 1, 15 do
  for i = 1, 20 do all[i]() end
  for i = 1, round * 3 do collectgarbage("step", 0) end
  for i = 1, 20 do
    local get = all[i]()
    local garbage = { {}, function() return get end }
    if get()[1] == i then count = count + 1 end
  end
end
print(count) --> 300
