-- group: oop
-- measures: method calls through one and two levels of `__index` tables, field updates on self.

local Shape = {}
Shape.__index = Shape

function Shape.new(class, name)
  return setmetatable({ name = name, moves = 0, x = 0, y = 0 }, class)
end

function Shape:move(dx, dy)
  self.x = self.x + dx
  self.y = self.y + dy
  self.moves = self.moves + 1
  return self
end

function Shape:area() return 0 end
function Shape:position() return self.x + self.y end

local Rectangle = setmetatable({}, { __index = Shape })
Rectangle.__index = Rectangle

function Rectangle.new(width, height)
  local self = Shape.new(Rectangle, "rectangle")
  self.width, self.height = width, height
  return self
end

function Rectangle:area() return self.width * self.height end
function Rectangle:grow(by)
  self.width = self.width + by
  self.height = self.height + by
end

local Square = setmetatable({}, { __index = Rectangle })
Square.__index = Square

function Square.new(side)
  local self = Rectangle.new(side, side)
  return setmetatable(self, Square)
end

function Square:area() return self.width * self.width end

local total = 0
local shapes = { Rectangle.new(2, 3), Square.new(4), Rectangle.new(5, 1), Square.new(2) }
for step = 1, 1000000 do
  for index = 1, #shapes do
    local shape = shapes[index]
    shape:move(index, 1):move(-1, 0)
    total = total + shape:area() + shape:position() % 3
  end
  local grown = shapes[step % 4 + 1]
  if step % 1000 == 0 then grown:grow(1) end
end
print(string.format("methods %d", total))
