-- group: floats
-- measures: a tight loop of float arithmetic and comparisons in registers.

local SIZE, LIMIT = 1250, 50

local inside, steps = 0, 0
for row = 0, SIZE - 1 do
  local ci = 2.0 * row / SIZE - 1.0
  for column = 0, SIZE - 1 do
    local cr = 2.0 * column / SIZE - 1.5
    local zr, zi, zr2, zi2 = 0.0, 0.0, 0.0, 0.0
    local iteration = 0
    while iteration < LIMIT and zr2 + zi2 <= 4.0 do
      zi = 2.0 * zr * zi + ci
      zr = zr2 - zi2 + cr
      zr2 = zr * zr
      zi2 = zi * zi
      iteration = iteration + 1
    end
    steps = steps + iteration
    if iteration == LIMIT then inside = inside + 1 end
  end
end
print(string.format("mandelbrot %d %d", inside, steps))
