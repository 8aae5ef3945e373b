-- group: floats
-- measures: a small ray tracer: vectors as tables, square roots, shadows and one reflection.

local sqrt, floor, max = math.sqrt, math.floor, math.max
local WIDTH, HEIGHT = 700, 520

local spheres = {}
for index = 1, 8 do
  spheres[index] = {
    x = (index % 4) * 2.2 - 3.3, y = (index > 4) and 1.3 or -0.7, z = 6 + index % 3,
    radius = 0.6 + (index % 3) * 0.25, shine = index % 2 == 0 and 0.4 or 0.1, shade = 0.3 + index * 0.08,
  }
end
local light = { x = -0.57735, y = 0.57735, z = -0.57735 }

-- The nearest sphere that the ray from o in direction d meets, and how far away.
local function nearest(ox, oy, oz, dx, dy, dz)
  local found, distance = nil, 1e30
  for index = 1, #spheres do
    local sphere = spheres[index]
    local cx, cy, cz = sphere.x - ox, sphere.y - oy, sphere.z - oz
    local along = cx * dx + cy * dy + cz * dz
    if along > 0 then
      local discriminant = sphere.radius * sphere.radius - (cx * cx + cy * cy + cz * cz - along * along)
      if discriminant > 0 then
        local t = along - sqrt(discriminant)
        if t > 1e-4 and t < distance then found, distance = sphere, t end
      end
    end
  end
  return found, distance
end

local function trace(ox, oy, oz, dx, dy, dz, depth)
  local sphere, t = nearest(ox, oy, oz, dx, dy, dz)
  local px, py, pz, nx, ny, nz, shade, shine
  if sphere then
    px, py, pz = ox + t * dx, oy + t * dy, oz + t * dz
    nx, ny, nz = (px - sphere.x) / sphere.radius, (py - sphere.y) / sphere.radius, (pz - sphere.z) / sphere.radius
    shade, shine = sphere.shade, sphere.shine
  elseif dy < 0 then
    t = (-1.6 - oy) / dy
    px, py, pz = ox + t * dx, -1.6, oz + t * dz
    nx, ny, nz = 0, 1, 0
    shade, shine = (floor(px) + floor(pz)) % 2 == 0 and 0.9 or 0.2, 0.15
  else
    return 0.5 + 0.5 * dy
  end
  local brightness = 0.1
  if not nearest(px, py, pz, light.x, light.y, light.z) then
    brightness = brightness + 0.9 * max(0, nx * light.x + ny * light.y + nz * light.z)
  end
  local result = shade * brightness
  if depth > 0 then
    local twice = 2 * (dx * nx + dy * ny + dz * nz)
    result = result * (1 - shine) + shine * trace(px, py, pz, dx - twice * nx, dy - twice * ny, dz - twice * nz, depth - 1)
  end
  return result
end

local total, bright = 0, 0
for row = 1, HEIGHT do
  local y = (HEIGHT / 2 - row) / HEIGHT
  for column = 1, WIDTH do
    local x = (column - WIDTH / 2) / HEIGHT
    local length = sqrt(x * x + y * y + 1)
    local value = trace(0, 0, 0, x / length, y / length, 1 / length, 3)
    total = total + value
    if value > 0.5 then bright = bright + 1 end
  end
end
print(string.format("raytrace %.6f %d", total, bright))
