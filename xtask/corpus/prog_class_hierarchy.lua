-- Classes: single and multiple inheritance, mixins, properties, super calls, visitors, equality and printing.
local Object = {}
Object.__index = Object
Object.class_name = "Object"
function Object:extend(name, body)
  local cls = body or {}
  for k, v in pairs(self) do if type(k) == "string" and k:sub(1, 2) == "__" and cls[k] == nil then cls[k] = v end end
  cls.__index = cls
  cls.super = self
  cls.class_name = name
  return setmetatable(cls, {__index = self, __call = function(c, ...) local o = setmetatable({}, c); o:init(...); return o end, __tostring = function() return "class " .. name end})
end
function Object:init() end
function Object:is(cls) local c = getmetatable(self); while c do if c == cls then return true end c = c.super end return false end
function Object:__tostring() return self.class_name .. "(" .. (self.describe and self:describe() or "") .. ")" end
local Shape = Object:extend "Shape"
function Shape:init(name) self.name = name end
function Shape:area() return 0 end
function Shape:describe() return self.name .. " " .. ("%.2f"):format(self:area()) end
Shape.__lt = function(a, b) return a:area() < b:area() end
Shape.__eq = function(a, b) return a:area() == b:area() end
local Circle = Shape:extend "Circle"
function Circle:init(r) Circle.super.init(self, "circle"); self.r = r end
function Circle:area() return 3.0 * self.r ^ 2 end
local Rect = Shape:extend("Rect", {sides = 4})
function Rect:init(w, h) Shape.init(self, "rect"); self.w, self.h = w, h end
function Rect:area() return self.w * self.h end
local Square = Rect:extend "Square"
function Square:init(s) Rect.init(self, s, s); self.name = "square" end
function Square:describe() return "side " .. self.w .. ", " .. Rect.describe(self) end
local shapes = {Circle(2), Rect(3, 4), Square(3), Square(2)}
for _, s in ipairs(shapes) do print(s, s:is(Rect), s:is(Shape), s:is(Object), s.sides) end
--> Circle(circle 12.00)	false	true	true	nil
--> Rect(rect 12.00)	true	true	true	4
--> Square(side 3, square 9.00)	true	true	true	4
--> Square(side 2, square 4.00)	true	true	true	4
print(shapes[1] < shapes[2], shapes[2] == Circle(2), shapes[3] < shapes[2], tostring(Square), Square.super == Rect, rawget(Square, "area"))
--> false	true	true	class Square	true	nil
table.sort(shapes, function(a, b) return a < b end)
for i, s in ipairs(shapes) do shapes[i] = s.class_name end
print(table.concat(shapes, " ")) --> Square Square Rect Circle
-- Mixins: copied methods, with conflicts told.
local function mixin(cls, ...) for _, m in ipairs {...} do for k, v in pairs(m) do if rawget(cls, k) ~= nil and k ~= "init" then error("conflict on " .. k, 0) end if k ~= "init" then cls[k] = v end end end return cls end
local Movable = {move = function(self, dx) self.x = (self.x or 0) + dx; return self end}
local Named = {greet = function(self) return "I am " .. self.name end}
local Robot = mixin(Shape:extend "Robot", Movable, Named)
local r = Robot "R2"
print(r:greet(), r:move(5):move(-2).x, pcall(mixin, Robot, Movable)) --> I am R2	3	false	conflict on move
-- Multiple inheritance by search, with a cache.
local function inherit(...)
  local parents, cache, searches = {...}, {}, 0
  local cls = {}
  cls.__index = function(o, k)
    local v = rawget(cls, k)
    if v ~= nil then return v end
    if cache[k] == nil then searches = searches + 1; for _, p in ipairs(parents) do if p[k] ~= nil then cache[k] = p[k] break end end end
    return cache[k]
  end
  cls.searches = function() return searches end
  return cls
end
local Both = inherit({a = function() return "a1" end, shared = function() return "first" end}, {b = function() return "b2" end, shared = function() return "second" end})
local o = setmetatable({}, Both)
print(o.a(), o.b(), o.shared(), o.a(), o.shared(), o.searches(), o.none) --> a1	b2	first	a1	first	3	nil
-- Properties with getters and setters; read-only fields; proxies that count.
local function properties(def)
  return function(init)
    local values = init
    return setmetatable({}, {
      __index = function(_, k) local d = def[k]; if d and d.get then return d.get(values) end return values[k] end,
      __newindex = function(_, k, v) local d = def[k]; if d and d.set then d.set(values, v) elseif d then error("property '" .. k .. "' is read-only", 2) else values[k] = v end end})
  end
end
local Temperature = properties {fahrenheit = {get = function(v) return v.celsius * 9 / 5 + 32 end, set = function(v, f) v.celsius = (f - 32) * 5 / 9 end}, kelvin = {get = function(v) return v.celsius + 273 end}}
local t = Temperature {celsius = 100}
print(t.fahrenheit, t.kelvin, t.celsius); t.fahrenheit = 32; print(t.celsius, t.kelvin)
--> 212.0	373	100
--> 0.0	273.0
print((select(2, pcall(function() t.kelvin = 0 end)):gsub("^[^:]+:%d+: ", ""))) --> property 'kelvin' is read-only
-- Visitor with double dispatch; closures as objects; prototypes cloned and changed.
local visitor = {Circle = function(s) return "round " .. s.r end, Rect = function(s) return s.w .. " by " .. s.h end}
local function visit(s) local c = getmetatable(s); while c do if visitor[c.class_name] then return visitor[c.class_name](s) end c = c.super end return "unknown" end
print(visit(Circle(1)), visit(Square(5)), visit(Robot "x")) --> round 1	5 by 5	unknown
local proto = {x = 1, describe = function(self) return "x=" .. self.x end}
local function clone(p, over) return setmetatable(over or {}, {__index = p}) end
local c1 = clone(proto); local c2 = clone(c1, {x = 5})
proto.x = 2
print(c1:describe(), c2:describe(), clone(c2):describe()); c2.x = nil; print(c2:describe()); proto.describe = function(self) return "new " .. self.x end; print(clone(c2, {x = 9}):describe())
--> x=2	x=5	x=5
--> x=2
--> new 9
-- Late changes in a base class reach all instances; metamethods inherited at extension only.
function Shape:area() return 7 end
print(Robot("late"), Object:extend("Empty")()); Shape.__concat = function(a, b) return "joined" end --> Robot(late 7.00)	Empty()
print(pcall(function() return Robot "a" .. Robot "b" end) == false, Shape "s" .. "t") --> true	joined
