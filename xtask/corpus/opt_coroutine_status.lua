-- `coroutine.status` without a frame: every state, every number of results, what is no thread, and what takes its place.
local status, yield = coroutine.status, coroutine.yield
local outer
local function states(co) local s = status(co); return s, status(co), (status(co)) end
outer = coroutine.create(function()
  local inner = coroutine.create(function() print(states(outer)); yield(status(coroutine.running())) end)
  print(coroutine.resume(inner))
  print(status(inner), status(outer))
  status(inner)
  print(coroutine.close(inner), status(inner))
  error("fails")
end)
print(states(outer)) --> suspended	suspended	suspended
print((coroutine.resume(outer)))
--> normal	normal	normal
--> true	running
--> suspended	running
--> true	dead
--> false
print(states(outer)) --> dead	dead	dead
print(status(coroutine.running())) --> running
for _, v in ipairs { 1, "x", {} } do print((select(2, pcall(status, v)):gsub(".*%((.*)%)", "%1"))) end
--> thread expected, got number
--> thread expected, got string
--> thread expected, got table
local function direct(v) local s = status(v) return s end
print((pcall(direct, nil)), (pcall(direct, print))) --> false	false
local function named(co) return coroutine.status(co) == "dead" end
local co = coroutine.create(function() end)
local seen = {}
for i = 1, 4 do
  if i == 2 then coroutine.resume(co) end
  if i == 3 then coroutine.status = function() return "other" end end
  if i == 4 then coroutine.status = status end
  seen[i] = tostring(named(co))
end
print(table.concat(seen, " ")) --> false true false true
