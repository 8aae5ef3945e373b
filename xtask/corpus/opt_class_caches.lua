-- Field and method caches: classes changed after calls were cached, __index set on a cached class.
local out = {}
local function note(...) out[#out + 1] = table.concat({...}, ":") end
local function flush() print(table.concat(out, " ")); out = {} end
local Base = {}
Base.__index = Base
function Base.new(n) return setmetatable({n = n}, Base) end
function Base:get() return "base" .. self.n end
local objects = {}
for i = 1, 3 do objects[i] = Base.new(i) end
local function call_all() for _, o in ipairs(objects) do note(o:get()) end end
call_all(); call_all(); flush() --> base1 base2 base3 base1 base2 base3
-- The method replaced in the class.
function Base:get() return "new" .. self.n end
call_all(); flush() --> new1 new2 new3
-- A field of the instance shadows the method; removed again.
objects[2].get = function(self) return "own" .. self.n end
call_all(); objects[2].get = nil; call_all(); flush() --> new1 own2 new3 new1 new2 new3
-- The class gets a parent; the method moves to it.
local Parent = {get = function(self) return "parent" .. self.n end}
Base.get = nil
setmetatable(Base, {__index = Parent})
call_all(); flush() --> parent1 parent2 parent3
Base.get = function(self) return "back" .. self.n end
call_all(); Base.get = nil; call_all(); flush() --> back1 back2 back3 parent1 parent2 parent3
-- __index of the metatable set to another table, to a function, and removed.
Base.__index = {get = function(self) return "other" .. self.n end}
call_all(); Base.__index = function(t, k) return function(self) return k .. self.n end end
call_all(); Base.__index = Base; Parent.get = function(self) return "parent2:" .. self.n end
call_all(); flush() --> other1 other2 other3 get1 get2 get3 parent2:1 parent2:2 parent2:3
-- The metatable of one object replaced, and of the parent chain.
setmetatable(objects[1], {__index = {get = function(self) return "meta" .. self.n end}})
call_all(); setmetatable(objects[1], Base); setmetatable(Base, {__index = {get = function(self) return "stepparent" .. self.n end}})
call_all(); setmetatable(Base, nil); flush() --> meta1 parent2:2 parent2:3 stepparent1 stepparent2 stepparent3
print(pcall(call_all) == false); out = {} --> true
Base.get = function(self) return "again" .. self.n end
call_all(); flush() --> again1 again2 again3
-- Reads of plain fields at one site over objects of many shapes.
local function read(o) return o.x end
local shapes = {{x = 1}, {y = 2, x = 3}, {y = 1, z = 2, x = 5}, {}, setmetatable({}, {__index = {x = "inherited"}}), setmetatable({x = "own"}, {__index = {x = "hidden"}}), {[1] = 1, x = 7}, "string", setmetatable({}, {__index = function(_, k) return k .. "!" end})}
string.x = "string field"
for round = 1, 3 do for i, s in ipairs(shapes) do note(tostring(read(s))) end shapes[4].x = round > 1 and "added" or nil; shapes[1].x = nil end
string.x = nil; flush()
--> 1 3 5 nil inherited own 7 string field x! nil 3 5 nil inherited own 7 string field x! nil 3 5 added inherited own 7 string field x!
-- Writes at one site: new fields, existing, __newindex, read-only.
local function write(o, v) o.x = v end
local sink = {}
local targets = {{}, {x = 1}, setmetatable({}, {__newindex = sink}), setmetatable({x = 1}, {__newindex = sink}), setmetatable({}, {__newindex = function(t, k, v) rawset(t, k, v .. "!") end}), {1, 2, 3}, setmetatable({}, {})}
for round = 1, 3 do for _, t in ipairs(targets) do write(t, "r" .. round); note(tostring(rawget(t, "x"))) end note(tostring(sink.x)); if round == 1 then targets[2].x = nil; targets[4].x = nil; getmetatable(targets[7]).__newindex = sink end end
flush() --> r1 r1 nil r1 r1! r1 r1 r1 r2 r2 nil nil r2 r2 r2 r2 r3 r3 nil nil r3 r3 r3 r3
-- self calls of a class hierarchy while subclasses are made.
local function class(parent) local c = {}; c.__index = c; return setmetatable(c, parent and {__index = parent} or nil) end
local A = class(); function A:name() return "A" end; function A:describe() return self:name() .. "/" .. (self.extra or "-") end
local list = {}
for i = 1, 5 do
  local C = class(list[i - 1] and getmetatable(list[i - 1]) or A)
  if i % 2 == 0 then function C:name() return "C" .. i end end
  if i == 4 then C.extra = "from class 4" end
  list[i] = setmetatable({}, C)
end
for _, o in ipairs(list) do note(o:describe()) end
flush() --> A/- C2/- C2/- C4/from class 4 C4/from class 4
