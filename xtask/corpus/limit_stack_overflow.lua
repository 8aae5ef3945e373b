-- Stack overflow is a catchable error, in Lua code and through native functions, again and again.
local function overflow(f, ...)
  local ok, m = pcall(f, ...)
  m = tostring(m)
  return ok, m:match "stack overflow" or m:match "C stack overflow" or m
end
local function simple(n) return 1 + simple(n + 1) end
print(overflow(simple, 1)) --> false	stack overflow
-- The error can be handled, and deep recursion works afterwards.
local function depth(n) if n == 0 then return 0 end return 1 + depth(n - 1) end
print(depth(5000)) --> 5000
-- In a coroutine: only it dies.
local co = coroutine.create(function() return simple(1) end)
local ok, m = coroutine.resume(co)
print(ok, m:match "stack overflow", coroutine.status(co), depth(100)) --> false	stack overflow	dead	100
-- With a message handler.
print(xpcall(simple, function(m) return type(m) .. " " .. tostring(m:match "stack overflow") end, 1)) --> false	string stack overflow
