-- Resurrection: objects saved by their finalizer, marked again, and weak references to them.
local log = {}
local function full() collectgarbage(); collectgarbage() end
local function flush() local s = table.concat(log, " "); log = {}; return "[" .. s .. "]" end
saved = nil
local function once() setmetatable({name = "once"}, {__gc = function(o) log[#log + 1] = "gc " .. o.name; saved = o end}) end
once(); full()
print(flush(), saved.name) --> [gc once]	once
saved = nil
full(); print(flush()) --> []
-- Marked again inside of the finalizer: called again at each collection.
local lives = 0
local function phoenix()
  local mt = {}
  mt.__gc = function(o) lives = lives + 1; if lives < 4 then setmetatable(o, mt) end end
  setmetatable({}, mt)
end
phoenix()
for i = 1, 6 do full() end
print(lives) --> 4
-- Weak values are cleared before finalizers run, weak keys after.
local weak_value, weak_key = setmetatable({}, {__mode = "v"}), setmetatable({}, {__mode = "k"})
local function both()
  local o = setmetatable({name = "both"}, {__gc = function(o) log[#log + 1] = tostring(weak_value[1]) .. " " .. tostring(weak_key[o]) end})
  weak_value[1] = o
  weak_key[o] = "data"
end
both(); collectgarbage()
print(flush()) --> [nil data]
full()
print(next(weak_value), next(weak_key)) --> nil	nil
-- A resurrected object keeps its table entries with weak keys.
local props = setmetatable({}, {__mode = "k"})
local function with_props() local o = setmetatable({}, {__gc = function(o) saved = o end}); props[o] = {"kept"} end
with_props(); full()
print(props[saved][1]); saved = nil; full(); print(next(props))
--> kept
--> nil
-- What a finalized object refers to is alive while its finalizer runs, with finalizers of its own.
local function tree()
  local leaf = setmetatable({name = "leaf"}, {__gc = function(o) log[#log + 1] = o.name end})
  local node = setmetatable({name = "node", child = leaf}, {__gc = function(o) log[#log + 1] = o.name .. " of " .. o.child.name end})
end
tree(); full(); print(flush()) --> [node of leaf leaf]
-- A finalizer that makes new objects with finalizers.
local generation = 0
local function spawn()
  setmetatable({}, {__gc = function() generation = generation + 1; if generation < 5 then spawn() end end})
end
spawn()
for i = 1, 8 do full() end
print(generation) --> 5
-- Coroutines: a finalizer run while one is active; finalizers of objects held by a dead coroutine.
local co = coroutine.wrap(function() local function f() setmetatable({}, {__gc = function() log[#log + 1] = tostring(coroutine.isyieldable()) .. " " .. type(coroutine.running()) end}) end f(); full(); coroutine.yield(flush()); return "end" end)
print(co(), co()) --> [false thread]	end
local function abandoned() local c = coroutine.create(function() local held = setmetatable({}, {__gc = function() log[#log + 1] = "held by a coroutine" end}); coroutine.yield() end); coroutine.resume(c) end
abandoned(); full(); print(flush()) --> [held by a coroutine]
-- Yielding from a finalizer fails as a warning, not as an error of the program.
warn "@off"
local function yields() setmetatable({}, {__gc = function() log[#log + 1] = "before"; coroutine.yield(); log[#log + 1] = "never" end}) end
coroutine.wrap(function() yields(); full() end)()
print(flush()) --> [before]
local function fails() setmetatable({}, {__gc = function() error "in gc" end}); setmetatable({}, {__gc = function() log[#log + 1] = "other ran" end}) end
fails(); full(); print(flush()) --> [other ran]
saved = nil
