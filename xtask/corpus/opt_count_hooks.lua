-- Count hooks that count without being asked each time: every kind of change in the middle.
local fired = 0
local function counted(n, f) fired = 0; debug.sethook(function() fired = fired + 1 end, "", n); f(); debug.sethook(); return fired end
local function loop(n) local s = 0; for i = 1, n do s = s + i end; return s end
local once = counted(1, function() loop(100) end)
print(once > 200 and once < 260) --> true
local many = counted(10, function() loop(1000) end)
print(many >= 190 and many < 420) --> true
print(counted(1000000, function() loop(1000) end)) --> 0
-- Coroutines have their own; errors and yields go through a hook's frame.
print(counted(10, coroutine.wrap(function() loop(1000) end)) <= 3) --> true
local co = coroutine.create(function() loop(1000); coroutine.yield(1); loop(1000) end)
local inner = 0
debug.sethook(co, function() inner = inner + 1 end, "", 100)
coroutine.resume(co)
local before = inner
coroutine.resume(co)
print(before > 15, inner > before + 15) --> true	true
debug.sethook(function() error("stopped", 0) end, "", 50)
local ok, message = pcall(loop, 1e9)
debug.sethook()
print(ok, message) --> false	stopped
-- The hook changes its count, its mask, itself.
local counts = {}
debug.sethook(function(e)
  counts[#counts + 1] = e
  if #counts == 3 then debug.sethook(function(e) counts[#counts + 1] = "second " .. e; if #counts == 6 then debug.sethook() end end, "l", 20) end
end, "", 10)
for i = 1, 100 do
  local x = i
end
print(counts[1], counts[3], counts[4]:match("second"), #counts, debug.gethook()) --> count	count	second	6	nil
-- A handler of a variable to be closed, a metamethod, a tail call and varargs are counted, too.
local closes = 0
local meta = { __close = function() closes = closes + 1 end, __add = function(a, b) return 1 end }
local v = setmetatable({}, meta)
local n = counted(5, function() for i = 1, 50 do local x <close> = v; local y = v + 1; (function(...) return select(-1, ...) end)(i) end end)
print(closes, n > 150) --> 50	true
