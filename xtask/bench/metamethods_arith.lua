-- group: metamethods
-- measures: operators on objects: vectors with `__add`, `__sub`, `__mul`, `__unm`, complex numbers, `__concat`.

local Vector = {}
Vector.__index = Vector

local function vector(x, y, z) return setmetatable({ x = x, y = y, z = z }, Vector) end

function Vector.__add(a, b) return vector(a.x + b.x, a.y + b.y, a.z + b.z) end
function Vector.__sub(a, b) return vector(a.x - b.x, a.y - b.y, a.z - b.z) end
function Vector.__unm(a) return vector(-a.x, -a.y, -a.z) end
function Vector.__mul(a, b)
  if type(a) == "number" then return vector(a * b.x, a * b.y, a * b.z) end
  if type(b) == "number" then return vector(a.x * b, a.y * b, a.z * b) end
  return a.x * b.x + a.y * b.y + a.z * b.z
end
function Vector.__concat(a, b)
  if getmetatable(a) == Vector then a = "<" .. a.x .. ">" end
  if getmetatable(b) == Vector then b = "<" .. b.x .. ">" end
  return a .. b
end

local Complex = {}
local function complex(re, im) return setmetatable({ re, im }, Complex) end
function Complex.__add(a, b) return complex(a[1] + b[1], a[2] + b[2]) end
function Complex.__mul(a, b)
  return complex(a[1] * b[1] - a[2] * b[2], a[1] * b[2] + a[2] * b[1])
end

local position, velocity, gravity = vector(0, 1000, 0), vector(1, 2, 0.5), vector(0, -0.25, 0)
local length = 0
for step = 1, 800000 do
  velocity = velocity + gravity * 0.5
  position = position + velocity * 0.125 - gravity
  if position.y < 0 then
    velocity = -velocity
    position = vector(position.x, 0, position.z)
  end
  if step % 16 == 0 then length = length + #(vector(step, 0, 0) .. "|") end
end

local inside = 0
for row = -38, 38 do
  for column = -30, 10 do
    local z, c = complex(0, 0), complex(column / 15, row / 27)
    local iteration = 0
    while iteration < 120 and z[1] * z[1] + z[2] * z[2] < 4 do
      z = z * z + c
      iteration = iteration + 1
    end
    if iteration == 120 then inside = inside + 1 end
  end
end
print(string.format("metamethods_arith %.4f %.4f %d %d", position.x, velocity * velocity, length, inside))
