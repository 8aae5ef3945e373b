-- Errors and to-be-closed variables: replaced errors, errors in __close, protected calls.
local log = {}
local function closer(name, raise) return setmetatable({}, {__close = function(_, e) log[#log + 1] = name .. "(" .. tostring(e) .. ")"; if raise then error(raise, 0) end end}) end
local function flush() local s = table.concat(log, " "); log = {}; return "[" .. s .. "]" end
print(pcall(function() local a <close> = closer "a"; error("E1", 0) end)); print(flush())
--> false	E1
--> [a(E1)]
print(pcall(function() local a <close> = closer "a"; local b <close> = closer("b", "E2"); error("E1", 0) end)); print(flush())
--> false	E2
--> [b(E1) a(E2)]
print(pcall(function() local a <close> = closer("a", "E3"); local b <close> = closer("b", "E2"); error("E1", 0) end)); print(flush())
--> false	E3
--> [b(E1) a(E2)]
print(pcall(function() local a <close> = closer("a"); local b <close> = closer("b", "E2"); return "normal" end)); print(flush())
--> false	E2
--> [b(nil) a(E2)]
print(pcall(function() local a <close> = closer "a"; local t = nil; return t.x end) == false, #log, log[1]:find("attempt to index a nil value", 1, true) ~= nil); flush()
--> true	1	true
local e = setmetatable({}, {__tostring = function() return "error object" end})
local ok, got = pcall(function() local a <close> = closer "a"; error(e) end)
print(ok, rawequal(got, e), flush()) --> false	true	[a(error object)]
print(pcall(function() local a <close> = closer "a"; error() end)); print(flush())
--> false	nil
--> [a(nil)]
print(pcall(function() local a <close> = closer "a"; error(false) end)); print(flush())
--> false	false
--> [a(false)]
-- xpcall: the handler runs before the variables are closed.
print(xpcall(function() local a <close> = closer "a"; error("E", 0) end, function(m) log[#log + 1] = "handler " .. m; return "handled " .. m end)); print(flush())
--> false	handled E
--> [handler E a(handled E)]
print(xpcall(function() local a <close> = closer("a", "in close"); error("E", 0) end, function(m) log[#log + 1] = "handler " .. m; return "<" .. m .. ">" end)); print(flush())
--> false	<in close>
--> [handler E a(<E>) handler in close]
-- Error in a loop body, in a nested call, in several frames.
local function inner() local i <close> = closer "inner"; error("deep", 0) end
local function middle() local m <close> = closer "middle"; inner() end
local function outer() local o <close> = closer "outer"; return pcall(middle) end
print(outer()); print(flush())
--> false	deep
--> [inner(deep) middle(deep) outer(nil)]
for round = 1, 2 do
  print(pcall(function() for i = 1, 3 do local c <close> = closer("c" .. i, i == 2 and "close failed"); if i == round + 1 then error("body failed", 0) end end end)); print(flush())
  --> false	close failed
  --> [c1(nil) c2(body failed)]
  --> false	close failed
  --> [c1(nil) c2(nil)]
end
-- A __close that catches its own errors, and one that calls deep code.
do local c <close> = setmetatable({}, {__close = function() log[#log + 1] = tostring(pcall(error, "inside")) end}) end
print(flush()) --> [false]
local function deep(n) if n == 0 then return "bottom" end local r = deep(n - 1); return r end
do local c <close> = setmetatable({}, {__close = function() log[#log + 1] = deep(100) end}) end
print(flush()) --> [bottom]
-- __close called on an error sees the variables of its block, changed before.
local seen
pcall(function() local count = 0; local c <close> = setmetatable({}, {__close = function() seen = count end}); for i = 1, 7 do count = i end error "x" end)
print(seen) --> 7
-- Removing __close while closing because of an error.
local mt = {__close = function() end}
print(select(2, pcall(function() local x <close> = setmetatable({}, mt); local y <close> = setmetatable({}, {__close = function() mt.__close = nil end}); error("first", 0) end)):match("attempt to call a nil value"))
--> attempt to call a nil value
-- Error status goes on although a later __close succeeds, and the last error wins.
print(pcall(function() --> false	second
  local a <close> = closer "1"
  local b <close> = closer("2", "second")
  local c <close> = closer "3"
  local d <close> = closer("4", "fourth")
  return "never returned"
end)); print(flush()) --> [4(nil) 3(fourth) 2(fourth) 1(second)]
print(select("#", pcall(function() local c <close> = closer "r"; return 1, 2, 3 end)), flush()) --> 4	[r(nil)]
