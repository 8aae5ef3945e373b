-- Finalizers: reverse order of marking, once each, errors as warnings, objects marked late or not at all.
local log = {}
local function full() collectgarbage(); collectgarbage() end
local function flush() local s = table.concat(log, " "); log = {}; return "[" .. s .. "]" end
local function new(name) return setmetatable({name = name}, {__gc = function(o) log[#log + 1] = o.name end}) end
-- All become garbage at the same moment: the last one marked goes first.
local objects = {}
for i = 1, 8 do objects[i] = new("o" .. i) end
full(); print(flush()) --> []
objects = nil
full(); print(flush()) --> [o8 o7 o6 o5 o4 o3 o2 o1]
full(); print(flush()) --> []
-- Order follows setmetatable, not creation.
local a, b, c = {name = "a"}, {name = "b"}, {name = "c"}
local mt = {__gc = function(o) log[#log + 1] = o.name end}
setmetatable(c, mt); setmetatable(a, mt); setmetatable(b, mt)
a, b, c = nil, nil, nil
full(); print(flush()) --> [b a c]
-- The metatable needs the field when it is set; a later field does not mark the object.
local late = {}
local unmarked = setmetatable({name = "unmarked"}, late)
late.__gc = function(o) log[#log + 1] = o.name end
unmarked = nil
full(); print(flush()) --> []
local early = {__gc = true}
local marked = setmetatable({name = "marked"}, early)
early.__gc = function(o) log[#log + 1] = o.name end
marked = nil
full(); print(flush()) --> [marked]
-- The field removed or replaced before the collection.
local m2 = {__gc = function() log[#log + 1] = "old" end}
local r = setmetatable({}, m2)
m2.__gc = function() log[#log + 1] = "replaced" end
r = nil
full(); print(flush()) --> [replaced]
m2 = {__gc = function() log[#log + 1] = "removed" end}
r = setmetatable({}, m2)
m2.__gc = nil
r = nil
full(); print(flush()) --> []
-- Cycles, and objects reachable from a finalized one are still whole.
local function pair()
  local x, y = new "x", {name = "y"}
  x.friend, y.friend = y, x
  setmetatable(x, {__gc = function(o) log[#log + 1] = o.name .. "->" .. o.friend.name .. "->" .. o.friend.friend.name end})
end
pair(); full(); print(flush()) --> [x->y->x]
-- An upvalue and a metatable that die together with the object.
local function scoped() local local_state = {n = 41}; setmetatable({}, {__gc = function() local_state.n = local_state.n + 1; log[#log + 1] = tostring(local_state.n) end}) end
scoped(); full(); print(flush()) --> [42]
-- setmetatable inside of a finalizer, allocation, string building, nested collection.
local function busy() setmetatable({}, {__gc = function(o) local t = {}; for i = 1, 20 do t[i] = "s" .. i end collectgarbage(); log[#log + 1] = table.concat(t):sub(-3) end}) end
busy(); full(); print(flush()) --> [s20]
-- Finalizers see arguments: the object only; results do not matter.
local function args() setmetatable({}, {__gc = function(...) log[#log + 1] = select("#", ...) .. type((...)); return 1, 2, 3 end}) end
args(); full(); print(flush()) --> [1table]
-- Callable objects as __gc.
local function callable() setmetatable({}, {__gc = setmetatable({}, {__call = function(self, o) log[#log + 1] = "callable" end})}) end
callable(); full(); print(flush()) --> [callable]
-- Protected metatables, and the main table of the loop untouched.
local function protected() setmetatable({name = "protected"}, {__gc = mt.__gc, __metatable = "locked"}) end
protected(); full(); print(flush(), #log) --> [protected]	0
