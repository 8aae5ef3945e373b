-- debug.sethook: line, call, return and count events; per thread; changes inside of a hook.
local source = [[
local function f(x)
  local y = x + 1
  return y
end

local a = f(1)
for i = 1, 2 do
  a = a + i
end
if a > 100 then
  a = 0
else
  a = -1
end
return a
]]
local chunk = load(source, "@traced")
local function trace(mask, fn, ...)
  local events = {}
  debug.sethook(function(event, line)
    local info = debug.getinfo(2, "Sl")
    if info.short_src == "traced" then events[#events + 1] = event .. (line and " " .. line or "") end
  end, mask)
  fn(...)
  debug.sethook()
  return table.concat(events, ",")
end
print((trace("l", chunk):gsub("line ", ""))) --> 4,6,2,3,7,8,7,8,7,10,13,15
print((trace("c", chunk))) --> call,call
print((trace("r", chunk))) --> return,return
print((trace("crl", chunk):gsub("line ", ""))) --> call,4,6,call,2,3,return,7,8,7,8,7,10,13,15,return
print(debug.gethook()) --> nil
-- Tail calls are reported as such.
local tail = load("local function g() return 1 end local function h() return g() end return (h())", "@traced")
print((trace("cr", tail))) --> call,call,tail call,return,return
-- Count events: at least so many for a loop that long; a hook that raises stops it.
local count = 0
debug.sethook(function(event) assert(event == "count"); count = count + 1 end, "", 100)
for i = 1, 5000 do local x = i end
debug.sethook()
print(count > 50, count < 1000) --> true	true
local ok, m = pcall(function()
  debug.sethook(function() error("budget exhausted", 0) end, "", 1000)
  while true do end
end)
debug.sethook()
print(ok, m) --> false	budget exhausted
-- gethook returns what was set.
local function hook() end
debug.sethook(hook, "crl", 7)
local h, mask, n = debug.gethook()
debug.sethook()
print(h == hook, mask, n, debug.gethook() == nil) --> true	crl	7	true
debug.sethook(hook, "", 0); print(debug.gethook() == nil); debug.sethook(nil, "l"); print(debug.gethook() == nil)
--> true
--> true
-- Hooks belong to a thread.
local lines = {}
local co = coroutine.create(load("local x = 1\ncoroutine.yield(x)\nreturn x", "@co"))
debug.sethook(co, function(e, l) lines[#lines + 1] = l end, "l")
print(debug.gethook() == nil, select(2, debug.gethook(co))) --> true	l	0
coroutine.resume(co); local y = 1; coroutine.resume(co)
print(table.concat(lines, " ")) --> 1 2 3
-- Inside of a hook: other hooks are off; locals and names are visible; yielding is not possible from Lua.
local seen
local function victim(secret) local v = secret; return v end
debug.sethook(function(event)
  local info = debug.getinfo(2, "f")
  if info.func == victim and not seen then
    local name, value = debug.getlocal(2, 1)
    seen = event .. " " .. name .. "=" .. tostring(value)
  end
end, "c")
victim("s3cret")
debug.sethook()
print(seen) --> call secret=s3cret
-- A line hook that changes a local of the running function.
local function changed() local v = 1
  local w = 2
  return v + w
end
debug.sethook(function(_, l) local info = debug.getinfo(2, "f"); if info.func == changed then for i = 1, 2 do if debug.getlocal(2, i) == "v" then debug.setlocal(2, i, 40) end end end end, "l")
local r = changed()
debug.sethook()
print(r) --> 42
-- Loops of one line fire once per iteration; jumps backwards do too.
local n_lines = 0
debug.sethook(function() n_lines = n_lines + 1 end, "l")
for i = 1, 5 do local _ = i end
debug.sethook()
print(n_lines >= 5) --> true
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
print(err(debug.sethook, 1, "x")); print(err(debug.sethook, print)); print(err(debug.sethook, print, {}))
--> bad argument #1 to 'debug.sethook' (function expected, got number)
--> bad argument #2 to 'debug.sethook' (string expected, got no value)
--> bad argument #2 to 'debug.sethook' (string expected, got table)
