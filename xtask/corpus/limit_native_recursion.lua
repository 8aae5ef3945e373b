-- Runaway recursion through native functions, also between metamethods, ends in a catchable error.
local function short(f, ...)
  local ok, m = pcall(f, ...)
  m = tostring(m)
  return tostring(ok) .. " " .. (m:match "overflow" or m)
end
-- Calls f from inside of a native function, so that each level counts as a native one.
local function through(f) local r; ("x"):gsub("x", function() r = f() end); return r end
local function gsub_runaway() return (("x"):gsub("x", gsub_runaway)) end
print(short(gsub_runaway)) --> false overflow
local function sort_runaway() table.sort({3, 2, 1}, sort_runaway) end
print(short(sort_runaway)) --> false overflow
local t = setmetatable({}, {__tostring = function(self) return tostring(self) end})
print(short(tostring, t)) --> false overflow
local format = setmetatable({}, {__tostring = function(self) return string.format("%s", self) end})
print(short(string.format, "%s", format)) --> false overflow
local function co_runaway() return coroutine.wrap(co_runaway)() end
print(short(co_runaway)) --> false overflow
local function reader_runaway() return assert(load(function() return reader_runaway() end)) end
print(pcall(reader_runaway) == false) --> true
-- Metamethods that reach themselves through a native function.
local idx = setmetatable({}, {__index = function(self, k) return through(function() return self[k] end) end})
print(short(function() return idx.x end)) --> false overflow
local nidx = setmetatable({}, {__newindex = function(self, k, v) through(function() self[k] = v end) end})
print(short(function() nidx.x = 1 end)) --> false overflow
local o = setmetatable({}, {__add = function(a, b) return through(function() return a + b end) end, __lt = function(a, b) return through(function() return a < b end) end, __len = function(a) return through(function() return #a end) end,
  __concat = function(a, b) return through(function() return a .. b end) end, __call = function(a) return through(function() return a() end) end, __unm = function(a) return through(function() return -a end) end})
print(short(function() return o + 1 end), short(function() return o < o end), short(function() return #o end), short(function() return o .. "x" end), short(function() return o() end), short(function() return -o end))
--> false overflow	false overflow	false overflow	false overflow	false overflow	false overflow
local concat = setmetatable({}, {__index = function(self) return table.concat(self) end, __len = function() return 1 end})
print(short(table.concat, concat)) --> false overflow
local unpack = setmetatable({}, {__index = function(self) return table.unpack(self) end, __len = function() return 1 end})
print(short(table.unpack, unpack)) --> false overflow
local function iterate() for _ in pairs(setmetatable({}, {__pairs = function() through(iterate) end})) do end end
print(short(iterate)) --> false overflow
-- Caught at the bottom of the recursion, and at several levels above.
local caught = 0
local function layered(n) local ok = pcall(gsub_runaway); if not ok then caught = caught + 1 end if n > 0 then return through(function() return layered(n - 1) end) end return "layers done" end
print(layered(20), caught) --> layers done	21
-- A message handler that fails always.
local ok, m = xpcall(error, function(e) error(e) end, "x")
print(ok, type(m)) --> false	string
-- Everything still works.
print(("ok"):gsub("k", "K"), select("#", table.unpack({1, 2, 3})), tostring(12)) --> oK	3	12
