-- Runaway recursion through native functions and metamethods ends in a catchable error.
local function overflow(f, ...)
  local ok, m = pcall(f, ...)
  m = tostring(m)
  return ok, m:match "C stack overflow" or m:match "stack overflow" or m:match "error in error handling" or m:match "chain too long" or m
end
local function short(ok, m) return tostring(ok) .. " " .. (m:match "overflow" or m) end
local function gsub_runaway() return (("x"):gsub("x", gsub_runaway)) end
print(short(overflow(gsub_runaway))) --> false overflow
local function sort_runaway() table.sort({3, 2, 1}, sort_runaway) end
print(short(overflow(sort_runaway))) --> false overflow
local t = setmetatable({}, {__tostring = function(self) return tostring(self) end})
print(short(overflow(tostring, t))) --> false overflow
local idx = setmetatable({}, {__index = function(self, k) return self[k] end})
print(short(overflow(function() return idx.x end))) --> false overflow
local nidx = setmetatable({}, {__newindex = function(self, k, v) self[k] = v end})
print(short(overflow(function() nidx.x = 1 end))) --> false overflow
local add = setmetatable({}, {__add = function(a, b) return a + b end})
print(short(overflow(function() return add + 1 end))) --> false overflow
local cat = setmetatable({}, {__concat = function(a, b) return a .. b end})
print(short(overflow(function() return cat .. "x" end))) --> false overflow
local eq = {__eq = function(a, b) return a == b end}
print(short(overflow(function() return setmetatable({}, eq) == setmetatable({}, eq) end))) --> false overflow
local lt = {__lt = function(a, b) return a < b end, __len = function(a) return #a end, __unm = function(a) return -a end}
local o = setmetatable({}, lt)
print(short(overflow(function() return o < o end)), short(overflow(function() return #o end)), short(overflow(function() return -o end)))
--> false overflow	false overflow	false overflow
local function pcall_runaway() return select(2, pcall(pcall_runaway)) end
print(type(pcall_runaway()) == "string" or type(pcall_runaway())) --> true
local function close_runaway() local c <close> = setmetatable({}, {__close = function() close_runaway() end}) end
print(short(overflow(close_runaway))) --> false overflow
local function co_runaway() return coroutine.wrap(co_runaway)() end
print(short(overflow(co_runaway))) --> false overflow
local function req_runaway(n) package.preload["runaway" .. n] = function() return req_runaway(n + 1) end; return require("runaway" .. n) end
print(short(overflow(req_runaway, 1))) --> false overflow
for k in pairs(package.preload) do if k:match "^runaway" then package.preload[k] = nil; package.loaded[k] = nil end end
local format = setmetatable({}, {__tostring = function(self) return string.format("%s", self) end})
print(short(overflow(string.format, "%s", format))) --> false overflow
-- A message handler that fails always.
local ok, m = xpcall(error, function(e) error(e) end, "x")
print(ok, type(m)) --> false	string
-- Everything still works.
print(("ok"):gsub("k", "K"), select("#", table.unpack({1, 2, 3})), tostring(12)) --> oK	3	12
