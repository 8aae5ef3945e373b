-- group: coroutines
-- measures: resume and yield with values in both directions; a round-robin scheduler of many tasks.

local create, resume, yield, status = coroutine.create, coroutine.resume, coroutine.yield, coroutine.status

local ping = create(function(value)
  while true do value = yield(value + 1) end
end)
local pong = create(function(value, weight)
  while true do value, weight = yield(value + weight, weight + 1) end
end)

local value = 0
for step = 1, 4000000 do
  local _, answer = resume(ping, value)
  local _, sum = resume(pong, answer, step % 5)
  value = sum % 1000003
end

local finished, total = 0, 0
local tasks = {}
for index = 1, 500 do
  tasks[index] = create(function(steps)
    local sum = 0
    for step = 1, steps do sum = sum + yield(step) end
    finished = finished + 1
    return sum
  end)
  resume(tasks[index], 2000 + index)
end
local alive = true
while alive do
  alive = false
  for index = 1, #tasks do
    local task = tasks[index]
    if status(task) ~= "dead" then
      alive = true
      local _, answer = resume(task, index)
      total = (total + answer) % 1000003
    end
  end
end
print(string.format("coroutine_pingpong %d %d %d", value, finished, total))
