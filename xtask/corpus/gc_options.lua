-- collectgarbage: every option answers with a value of the right kind; modes switch and come back.
local function err(f, ...)
  local ok, message = pcall(f, ...)
  return ok and "ok" or (message:gsub("^[^:]+:%d+: ", ""))
end
print(collectgarbage(), collectgarbage("collect"), math.type(collectgarbage("count")), collectgarbage("count") > 0) --> 0	0	float	true
print(collectgarbage("isrunning"), collectgarbage("stop"), collectgarbage("isrunning"), collectgarbage("restart"), collectgarbage("isrunning"))
--> true	0	false	0	true
print(type(collectgarbage("step")), type(collectgarbage("step", 0)), type(collectgarbage("step", 100))) --> boolean	boolean	boolean
local mode = collectgarbage("incremental")
print(mode == "incremental" or mode == "generational") --> true
print(collectgarbage("incremental"), collectgarbage("generational"), collectgarbage("generational"), collectgarbage("incremental", 200, 100, 13), collectgarbage("incremental"))
--> incremental	incremental	generational	generational	incremental
print(math.type(collectgarbage("setpause", 200)), math.type(collectgarbage("setstepmul", 100))) --> integer	integer
print(collectgarbage("generational", 20, 100), collectgarbage("incremental", 0, 0, 0), collectgarbage(mode))
--> incremental	generational	incremental
print(err(collectgarbage, "unknown")); print(err(collectgarbage, 5)); print(err(collectgarbage, {})); print(err(collectgarbage, "step", "x")); print(err(collectgarbage, "setpause", {})); print(err(collectgarbage, nil))
--> bad argument #1 to 'collectgarbage' (invalid option 'unknown')
--> bad argument #1 to 'collectgarbage' (invalid option '5')
--> bad argument #1 to 'collectgarbage' (string expected, got table)
--> bad argument #2 to 'collectgarbage' (number expected, got string)
--> bad argument #2 to 'collectgarbage' (number expected, got table)
--> ok
-- Memory goes up with live data and down again when it is dropped.
collectgarbage()
local before = collectgarbage("count")
local keep = {}
for i = 1, 400 do keep[i] = {i, ("x"):rep(100) .. i} end
local with = collectgarbage("count")
collectgarbage()
local live = collectgarbage("count")
keep = nil
collectgarbage()
local after = collectgarbage("count")
print(with > before + 20, live > before + 20, after < live - 20) --> true	true	true
-- One large string is counted as well.
local s = ("y"):rep(200000)
local big = collectgarbage("count")
print(big - after > 190) --> true
s = nil
collectgarbage()
print(collectgarbage("count") < big - 190) --> true
-- With the collector stopped nothing dies by itself; a full collection still works.
collectgarbage("stop")
local dead = 0
for i = 1, 50 do setmetatable({}, {__gc = function() dead = dead + 1 end}) end
local during = dead
collectgarbage()
print(during <= 50, dead, collectgarbage("isrunning")) --> true	50	false
collectgarbage("restart")
-- Steps finish a cycle sooner or later.
collectgarbage("incremental")
local finished = false
for i = 1, 100000 do if collectgarbage("step", 0) then finished = true break end end
print(finished) --> true
-- Modes in the middle of work: live data survive all switches.
local data = {}
for i = 1, 200 do
  data[i] = {value = i, next = data[i - 1]}
  if i % 20 == 0 then collectgarbage(i % 40 == 0 and "incremental" or "generational") end
  if i % 50 == 0 then collectgarbage("step", 10) end
end
collectgarbage("incremental")
local sum, n = 0, data[200]
while n do sum = sum + n.value; n = n.next end
print(sum) --> 20100
