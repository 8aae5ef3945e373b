-- A scheduler with tasks, sleeping, messages and joins, all deterministic.
local yield = coroutine.yield
local Scheduler = {}
Scheduler.__index = Scheduler
function Scheduler.new() return setmetatable({ready = {}, sleeping = {}, now = 0, log = {}, tasks = 0}, Scheduler) end
function Scheduler:note(...) self.log[#self.log + 1] = table.concat({self.now, ...}, " ") end
function Scheduler:spawn(name, f, ...)
  local task = {name = name, co = coroutine.create(f), inbox = {}, args = table.pack(...), waiters = {}}
  self.tasks = self.tasks + 1
  table.insert(self.ready, task)
  return task
end
function Scheduler:step(task)
  local r = table.pack(coroutine.resume(task.co, table.unpack(task.args, 1, task.args.n)))
  task.args = {n = 0}
  if not r[1] then self:note(task.name, "failed:", (tostring(r[2]):gsub("^[^:]+:%d+: ", ""))) end
  if coroutine.status(task.co) == "dead" then
    self.tasks = self.tasks - 1
    task.result = r[1] and r[2] or nil
    for _, w in ipairs(task.waiters) do w.args = {n = 1, task.result}; table.insert(self.ready, w) end
  elseif r[2] == "sleep" then table.insert(self.sleeping, {at = self.now + r[3], task = task, order = #self.sleeping})
  elseif r[2] == "join" then
    if coroutine.status(r[3].co) == "dead" then task.args = {n = 1, r[3].result}; table.insert(self.ready, task) else table.insert(r[3].waiters, task) end
  elseif r[2] == "receive" then
    if #task.inbox > 0 then task.args = {n = 1, table.remove(task.inbox, 1)}; table.insert(self.ready, task) else task.waiting = true end
  else table.insert(self.ready, task) end
end
function Scheduler:send(task, message)
  if task.waiting then task.waiting = false; task.args = {n = 1, message}; table.insert(self.ready, task) else table.insert(task.inbox, message) end
end
function Scheduler:run()
  while #self.ready > 0 or #self.sleeping > 0 do
    if #self.ready == 0 then
      table.sort(self.sleeping, function(a, b) if a.at ~= b.at then return a.at < b.at end return a.order < b.order end)
      local first = table.remove(self.sleeping, 1)
      self.now = first.at
      table.insert(self.ready, first.task)
    end
    self:step(table.remove(self.ready, 1))
  end
  return self.tasks
end
local s = Scheduler.new()
local function sleep(n) yield("sleep", n) end
local function receive() return yield "receive" end
local function join(t) return yield("join", t) end
local echo = s:spawn("echo", function() while true do local m = receive(); if m == "stop" then return "echo stopped" end s:note("echo got", m) end end)
s:spawn("sender", function() for i = 1, 3 do s:send(echo, "message " .. i); sleep(5) end s:send(echo, "stop") end)
local worker = s:spawn("worker", function(a, b) sleep(7); s:note("worker awake"); return a * b end, 6, 7)
s:spawn("waiter", function() s:note("waiter got", tostring(join(worker))); s:note("waiter got", tostring(join(echo))); s:note("again", tostring(join(worker))) end)
s:spawn("broken", function() sleep(3); local t; return t.x end)
s:spawn("polite", function() for i = 1, 3 do s:note("polite", i); yield() end end)
local left = s:run()
for _, line in ipairs(s.log) do print(line) end
--> 0 polite 1
--> 0 echo got message 1
--> 0 polite 2
--> 0 polite 3
--> 3 broken failed: attempt to index a nil value (local 't')
--> 5 echo got message 2
--> 7 worker awake
--> 7 waiter got 42
--> 10 echo got message 3
--> 15 waiter got echo stopped
--> 15 again 42
print("left over", left) --> left over	0
-- Bounded queue between two coroutines.
local queue, trace = {}, {}
local producer = coroutine.wrap(function() for i = 1, 6 do while #queue >= 2 do trace[#trace + 1] = "full"; yield() end queue[#queue + 1] = i; trace[#trace + 1] = "+" .. i end while true do yield() end end)
local consumer = coroutine.wrap(function() while true do while #queue == 0 do yield() end trace[#trace + 1] = "-" .. table.remove(queue, 1) end end)
for _ = 1, 4 do producer(); consumer() end
print(table.concat(trace, " ")) --> +1 +2 full -1 -2 +3 +4 full -3 -4 +5 +6 -5 -6
