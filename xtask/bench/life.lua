-- group: arrays
-- measures: Conway's game on a torus of rows, reading eight neighbours per cell.

local WIDTH, HEIGHT, GENERATIONS = 96, 96, 1700

local function empty()
  local rows = {}
  for y = 1, HEIGHT do
    local row = {}
    for x = 1, WIDTH do row[x] = 0 end
    rows[y] = row
  end
  return rows
end

local function put(rows, top, left, picture)
  local y = top
  for line in picture:gmatch("[^/]+") do
    for x = 1, #line do
      rows[y][left + x - 1] = line:sub(x, x) == "#" and 1 or 0
    end
    y = y + 1
  end
end

local function step(rows, following)
  for y = 1, HEIGHT do
    local above = rows[y == 1 and HEIGHT or y - 1]
    local here = rows[y]
    local below = rows[y == HEIGHT and 1 or y + 1]
    local target = following[y]
    for x = 1, WIDTH do
      local left = x == 1 and WIDTH or x - 1
      local right = x == WIDTH and 1 or x + 1
      local neighbours = above[left] + above[x] + above[right]
        + here[left] + here[right]
        + below[left] + below[x] + below[right]
      if neighbours == 3 or (neighbours == 2 and here[x] == 1) then
        target[x] = 1
      else
        target[x] = 0
      end
    end
  end
end

local current, following = empty(), empty()
put(current, 40, 40, ".##/##./.#.")
put(current, 10, 10, ".#./..#/###")
put(current, 70, 20, ".#...../...#.../##..###")
put(current, 20, 70, "######.#/##..####/#.#..#.#")

for _ = 1, GENERATIONS do
  step(current, following)
  current, following = following, current
end

local alive, checksum = 0, 0
for y = 1, HEIGHT do
  for x = 1, WIDTH do
    if current[y][x] == 1 then
      alive = alive + 1
      checksum = (checksum * 31 + y * WIDTH + x) % 1000003
    end
  end
end
print(string.format("life %d %d", alive, checksum))
