-- group: floats
-- measures: float arithmetic on fields of a few records: planets under gravity.

local sqrt = math.sqrt
local DAYS_PER_YEAR = 365.24
local SOLAR_MASS = 4 * math.pi * math.pi

local function body(mass, x, y, z, vx, vy, vz)
  return {
    mass = mass * SOLAR_MASS,
    x = x, y = y, z = z,
    vx = vx * DAYS_PER_YEAR, vy = vy * DAYS_PER_YEAR, vz = vz * DAYS_PER_YEAR,
  }
end

local bodies = {
  body(1, 0, 0, 0, 0, 0, 0),
  body(9.5e-4, 4.84, -1.16, -0.104, 0.00166, 0.0077, -0.000069),
  body(2.85e-4, 8.34, 4.12, -0.403, -0.00277, 0.00499, 0.000023),
  body(4.36e-5, 12.89, -15.11, -0.223, 0.00296, 0.00237, -0.00003),
  body(5.15e-5, 15.38, -25.92, 0.179, 0.00268, 0.00163, -0.000095),
}

local function cancel_momentum()
  local px, py, pz = 0, 0, 0
  for _, b in ipairs(bodies) do
    px, py, pz = px + b.vx * b.mass, py + b.vy * b.mass, pz + b.vz * b.mass
  end
  local sun = bodies[1]
  sun.vx, sun.vy, sun.vz = -px / SOLAR_MASS, -py / SOLAR_MASS, -pz / SOLAR_MASS
end

local function energy()
  local sum = 0
  for i, b in ipairs(bodies) do
    sum = sum + 0.5 * b.mass * (b.vx * b.vx + b.vy * b.vy + b.vz * b.vz)
    for j = i + 1, #bodies do
      local other = bodies[j]
      local dx, dy, dz = b.x - other.x, b.y - other.y, b.z - other.z
      sum = sum - b.mass * other.mass / sqrt(dx * dx + dy * dy + dz * dz)
    end
  end
  return sum
end

local function advance(dt)
  local count = #bodies
  for i = 1, count do
    local b = bodies[i]
    local bx, by, bz, mass = b.x, b.y, b.z, b.mass
    local vx, vy, vz = b.vx, b.vy, b.vz
    for j = i + 1, count do
      local other = bodies[j]
      local dx, dy, dz = bx - other.x, by - other.y, bz - other.z
      local square = dx * dx + dy * dy + dz * dz
      local magnitude = dt / (square * sqrt(square))
      local pull = other.mass * magnitude
      vx, vy, vz = vx - dx * pull, vy - dy * pull, vz - dz * pull
      pull = mass * magnitude
      other.vx = other.vx + dx * pull
      other.vy = other.vy + dy * pull
      other.vz = other.vz + dz * pull
    end
    b.vx, b.vy, b.vz = vx, vy, vz
    b.x, b.y, b.z = bx + dt * vx, by + dt * vy, bz + dt * vz
  end
end

cancel_momentum()
local before = energy()
for _ = 1, 520000 do advance(0.01) end
print(string.format("nbody %.8f %.8f", before, energy()))
