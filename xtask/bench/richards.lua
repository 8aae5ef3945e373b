-- group: calls
-- measures: a simulated operating system: tasks, packets in queues, a scheduler; calls and field access.

local floor = math.floor

local IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B = 1, 2, 3, 4, 5, 6
local WORK, DEVICE = "work", "device"
local DATA_SIZE = 4

local function packet(link, identity, kind)
  return { link = link, identity = identity, kind = kind, cursor = 1, data = { 0, 0, 0, 0 } }
end

-- Appends `item` to the list `queue` and returns the list.
local function append(item, queue)
  item.link = nil
  if not queue then return item end
  local last = queue
  while last.link do last = last.link end
  last.link = item
  return queue
end

local Task = {}
Task.__index = Task

local Scheduler = {}
Scheduler.__index = Scheduler

function Scheduler.new()
  return setmetatable({ tasks = {}, first = nil, current = nil, queued = 0, held = 0 }, Scheduler)
end

function Scheduler:add(identity, priority, queue, waiting, work, state)
  local task = setmetatable({
    link = self.first, identity = identity, priority = priority, queue = queue,
    pending = queue ~= nil, waiting = waiting, holding = false,
    work = work, state = state,
  }, Task)
  self.first = task
  self.tasks[identity] = task
end

function Scheduler:run()
  local task = self.first
  while task do
    if task:is_blocked() then
      task = task.link
    else
      self.current = task
      task = task:resume(self)
    end
  end
end

function Scheduler:send(item)
  local receiver = self.tasks[item.identity]
  self.queued = self.queued + 1
  item.identity = self.current.identity
  return receiver:accept(item, self.current)
end

function Scheduler:release(identity)
  local task = self.tasks[identity]
  task.holding = false
  return task.priority > self.current.priority and task or self.current
end

function Scheduler:hold()
  self.held = self.held + 1
  self.current.holding = true
  return self.current.link
end

function Scheduler:wait()
  self.current.waiting = true
  return self.current
end

function Task:is_blocked()
  return self.holding or (self.waiting and not self.pending)
end

function Task:resume(scheduler)
  local item = nil
  if self.waiting and self.pending then
    item = self.queue
    self.queue = item.link
    self.waiting = false
    self.pending = self.queue ~= nil
  end
  return self.work(scheduler, item, self.state)
end

function Task:accept(item, sender)
  local was_empty = self.queue == nil
  self.queue = append(item, self.queue)
  if was_empty then
    self.pending = true
    if self.priority > sender.priority then return self end
  end
  return sender
end

-- `value` is below 2^15, so the top bit of the mask 0xD008 is simply added.
local function scramble(value)
  for _, bit in ipairs { 0x4000, 0x1000, 0x0008 } do
    if floor(value / bit) % 2 == 1 then value = value - bit else value = value + bit end
  end
  return value + 0x8000
end

local function idle(scheduler, _, state)
  state.rounds = state.rounds - 1
  if state.rounds == 0 then return scheduler:hold() end
  local half = floor(state.control / 2)
  if state.control % 2 == 0 then
    state.control = half
    return scheduler:release(DEVICE_A)
  end
  state.control = scramble(half)
  return scheduler:release(DEVICE_B)
end

local function worker(scheduler, item, state)
  if not item then return scheduler:wait() end
  state.target = state.target == HANDLER_A and HANDLER_B or HANDLER_A
  item.identity = state.target
  item.cursor = 1
  for index = 1, DATA_SIZE do
    state.letter = state.letter % 26 + 1
    item.data[index] = 64 + state.letter
  end
  return scheduler:send(item)
end

local function handler(scheduler, item, state)
  if item then
    if item.kind == WORK then
      state.work = append(item, state.work)
    else
      state.devices = append(item, state.devices)
    end
  end
  local work = state.work
  if not work then return scheduler:wait() end
  if work.cursor > DATA_SIZE then
    state.work = work.link
    return scheduler:send(work)
  end
  local device = state.devices
  if not device then return scheduler:wait() end
  state.devices = device.link
  device.cursor = work.data[work.cursor]
  work.cursor = work.cursor + 1
  return scheduler:send(device)
end

local function device(scheduler, item, state)
  if item then
    state.pending = item
    return scheduler:hold()
  end
  local pending = state.pending
  if not pending then return scheduler:wait() end
  state.pending = nil
  return scheduler:send(pending)
end

local function simulate()
  local scheduler = Scheduler.new()
  scheduler:add(IDLE, 0, nil, false, idle, { control = 1, rounds = 10000 })

  local queue = packet(packet(nil, WORKER, WORK), WORKER, WORK)
  scheduler:add(WORKER, 1000, queue, true, worker, { target = HANDLER_A, letter = 0 })

  queue = packet(packet(packet(nil, DEVICE_A, DEVICE), DEVICE_A, DEVICE), DEVICE_A, DEVICE)
  scheduler:add(HANDLER_A, 2000, queue, true, handler, { work = nil, devices = nil })
  queue = packet(packet(packet(nil, DEVICE_B, DEVICE), DEVICE_B, DEVICE), DEVICE_B, DEVICE)
  scheduler:add(HANDLER_B, 3000, queue, true, handler, { work = nil, devices = nil })

  scheduler:add(DEVICE_A, 4000, nil, true, device, { pending = nil })
  scheduler:add(DEVICE_B, 5000, nil, true, device, { pending = nil })

  scheduler:run()
  return scheduler.queued, scheduler.held
end

local queued, held
for _ = 1, 48 do queued, held = simulate() end
print(string.format("richards %d %d", queued, held))
