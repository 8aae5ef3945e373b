-- To-be-closed variables in coroutines: yields inside __close, coroutine.close, wrap, errors.
local log = {}
local function closer(name, body) return setmetatable({}, {__close = function(_, e) log[#log + 1] = name .. (e and ":" .. tostring(e) or ""); if body then return body(e) end end}) end
local function flush() local s = table.concat(log, " "); log = {}; return "[" .. s .. "]" end
-- Yields in __close at a normal exit, a return, and a break.
local co = coroutine.wrap(function()
  do local x <close> = closer("x", function() coroutine.yield "in close of x" end) end
  for i = 1, 2 do local y <close> = closer("y" .. i, function() coroutine.yield("y" .. i) end); if i == 2 then break end end
  local z <close> = closer("z", function() log[#log + 1] = tostring(coroutine.yield "z yields") end)
  return "final", "values"
end)
print(co()); print(co()); print(co()); print(co()); print(co("resumed")); print(flush())
--> in close of x
--> y1
--> y2
--> z yields
--> final	values
--> [x y1 y2 z resumed]
-- Yields in __close while an error passes.
co = coroutine.create(function()
  local a <close> = closer("a", function(e) coroutine.yield("closing a after " .. tostring(e)) end)
  local b <close> = closer("b", function(e) coroutine.yield("closing b after " .. tostring(e)); error("from b", 0) end)
  error("original", 0)
end)
print(coroutine.resume(co)); print(coroutine.resume(co)); print(coroutine.resume(co)); print(coroutine.status(co), flush())
--> false	original
--> false	cannot resume dead coroutine
--> false	cannot resume dead coroutine
--> dead	[]
co = coroutine.wrap(function()
  return pcall(function() local a <close> = closer("a", function() coroutine.yield "yield in pcall" end); error("caught", 0) end)
end)
print(co()); print(co()); print(flush())
--> yield in pcall
--> false	caught
--> [a:caught]
-- coroutine.close: runs pending closes; returns true or false and the error.
co = coroutine.create(function() local a <close> = closer "a"; local b <close> = closer "b"; coroutine.yield() end)
coroutine.resume(co)
print(coroutine.close(co), coroutine.status(co), flush()) --> true	dead	[b a]
co = coroutine.create(function() local a <close> = closer "a"; local b <close> = closer("b", function() error("in b", 0) end); coroutine.yield() end)
coroutine.resume(co)
print(coroutine.close(co)); print(coroutine.status(co), flush())
--> false	in b
--> dead	[b a:in b]
print(coroutine.close(co), coroutine.close(coroutine.create(print))) --> true	true
co = coroutine.create(function() error("dead", 0) end)
coroutine.resume(co)
print(coroutine.close(co)); print(coroutine.close(co))
--> false	dead
--> true
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
print(err(coroutine.close, coroutine.running())); print(err(coroutine.close, 5)); print(err(coroutine.close))
--> cannot close a running coroutine
--> bad argument #1 to 'coroutine.close' (thread expected, got number)
--> bad argument #1 to 'coroutine.close' (thread expected, got no value)
local other
co = coroutine.wrap(function() return err(coroutine.close, other) end)
other = coroutine.create(function() return co() end)
print(coroutine.resume(other)) --> true	cannot close a normal coroutine
-- Closing a coroutine whose __close closes another; closing from inside of a __close.
local inner = coroutine.create(function() local i <close> = closer "inner"; coroutine.yield() end)
coroutine.resume(inner)
co = coroutine.create(function() local o <close> = closer("outer", function() log[#log + 1] = tostring(coroutine.close(inner)) end); coroutine.yield() end)
coroutine.resume(co)
print(coroutine.close(co), flush()) --> true	[outer true]
-- wrap closes its coroutine after an error.
local w = coroutine.wrap(function() local a <close> = closer "wrapped"; coroutine.yield(1); error("boom", 0) end)
print(w(), err(w), flush()) --> 1	boom	[wrapped:boom]
-- Suspended inside nested calls and a pcall.
co = coroutine.create(function() local a <close> = closer "1"; pcall(function() local b <close> = closer "2"; local function f() local c <close> = closer "3"; coroutine.yield() end f() end) end)
coroutine.resume(co)
print(coroutine.close(co), flush()) --> true	[3 2 1]
-- A coroutine that is never finished is not closed by being dropped.
do local c = coroutine.create(function() local x <close> = closer "never"; coroutine.yield() end); coroutine.resume(c) end
collectgarbage()
print(flush()) --> []
