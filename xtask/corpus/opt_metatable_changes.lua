-- Metatables that change during loops over arithmetic, comparison, length, calls, concatenation.
local out = {}
local function note(v) out[#out + 1] = tostring(v) end
local function flush() print(table.concat(out, " ")); out = {} end
local mt = {}
local x = setmetatable({}, mt)
local function try(f, ...) local ok, v = pcall(f, ...); note(ok and v or "error") end
local function add(a, b) return a + b end
local function lt(a, b) return a < b end
local function eq(a, b) return a == b end
local function len(a) return #a end
local function call(a, ...) return a(...) end
local function cat(a, b) return a .. b end
local y = setmetatable({}, mt)
for round = 1, 4 do
  try(add, x, 1); try(add, 1, 2); try(lt, x, y); try(lt, 1, 2); try(eq, x, y); try(eq, x, x); try(len, x); try(len, "abc"); try(call, x, 5); try(call, math.abs, -5); try(cat, x, "s"); try(cat, "a", 1)
  if round == 1 then mt.__add = function() return "added" end; mt.__lt = function() return true end; mt.__eq = function() return true end; mt.__len = function() return 42 end; mt.__call = function(_, v) return "called" .. v end; mt.__concat = function() return "joined" end
  elseif round == 2 then for _, e in ipairs {"add", "lt", "eq", "len", "call", "concat"} do mt["__" .. e] = nil end
  elseif round == 3 then setmetatable(x, {__add = function(a, b) return b end, __lt = function() return 1 end, __eq = function() return 1 end, __len = function() return "L" end, __call = function(...) return select("#", ...) end, __concat = function(_, b) return b .. b end}) end
  flush()
  --> error 3 error true error true 0 3 error 5 error a1
  --> added 3 true true true true 42 3 called5 5 joined a1
  --> error 3 error true error true 0 3 error 5 error a1
  --> 1 3 true true true true L 3 2 5 ss a1
end
-- One site, operands of many kinds in turn.
local V = setmetatable({}, {__add = function(a, b) return "V" end})
local operands = {1, 2.5, "10", V, 1 << 62, -0.0}
for _, a in ipairs(operands) do for _, b in ipairs(operands) do note(add(a, b)) end end
flush()
--> 2 3.5 11 V 4611686018427387905 1.0 3.5 5.0 12.5 V 4.6116860184274e+18 2.5 11 12.5 20 V 4611686018427387914 10.0 V V V V V V 4611686018427387905 4.6116860184274e+18 4611686018427387914 V -9223372036854775808 4.6116860184274e+18 1.0 2.5 10.0 V 4.6116860184274e+18 -0.0
local function compare(a, b) if a < b then return "<" elseif a <= b then return "<=" else return ">" end end
for _, pair in ipairs {{1, 2}, {2.5, 2}, {"a", "b"}, {1, 1.0}, {"b", "a"}, {0 / 0, 1}, {math.mininteger, -2^63}, {"", ""}} do note(compare(pair[1], pair[2])) end
flush() --> < > < <= > > <= <=
-- A loop whose index variable changes kind between calls.
local function sum(a, b, c) local s = 0; for i = a, b, c do s = s + i end return s end
note(sum(1, 10, 1)); note(sum(1.0, 10, 1)); note(sum(1, 10.5, 1)); note(sum(10, 1, -1)); note(sum(0, 1, 0.25)); note(sum(math.maxinteger - 1, math.maxinteger, 1) == -3); note(sum(1, 3, 1)); flush()
--> 55 55.0 55 55 2.5 true 6
-- __index appears on an array in use; negative caching of __newindex, __index, __len, __eq.
local arr = setmetatable({1, 2, 3}, {})
local function third(t) return t[4] end
note(third(arr)); note(third(arr)); getmetatable(arr).__index = function(_, i) return i * 100 end; note(third(arr)); getmetatable(arr).__index = nil; note(third(arr)); arr[4] = "real"; note(third(arr)); getmetatable(arr).__index = {nil, nil, nil, "shadowed"}; note(third(arr)); arr[4] = nil; note(third(arr)); flush()
--> nil nil 400 nil real real shadowed
local frozen = setmetatable({}, {})
local function add_field(t, k) t[k] = k end
add_field(frozen, "a"); getmetatable(frozen).__newindex = function() note "blocked" end; add_field(frozen, "b"); add_field(frozen, "a"); frozen.a = nil; add_field(frozen, "a"); getmetatable(frozen).__newindex = nil; add_field(frozen, "b"); note(frozen.a); note(frozen.b); flush()
--> blocked blocked nil b
-- rawset into the metatable, and a metatable shared by tables and replaced in a callback.
local shared = {}
local p, q = setmetatable({}, shared), setmetatable({}, shared)
note(pcall(function() return p() end)); rawset(shared, "__call", function() return "raw" end); note(p()); shared.__call = function(self) setmetatable(self, nil); return "last" end; note(p()); note(pcall(function() return p() end)); note(q()); flush()
--> false raw last false last
-- String methods through a changed string metatable.
local smt = getmetatable("")
local function shout(s) return s:shout() end
note(pcall(shout, "a")); string.shout = function(s) return s .. "!" end; note(shout "a"); smt.__index = function(s, k) return function() return k end end; note(shout "a"); smt.__index = string; string.shout = nil; note(pcall(shout, "a")); flush()
--> false a! shout false
