-- Cellular automata, mandelbrot, turtle and text drawing: nested loops over tables of rows.
local function parse(rows) local g = {w = #rows[1], h = #rows}; for y = 1, g.h do g[y] = {}; for x = 1, g.w do g[y][x] = rows[y]:sub(x, x) == "#" end end return g end
local function step(g)
  local n = {w = g.w, h = g.h}
  for y = 1, g.h do
    n[y] = {}
    for x = 1, g.w do
      local c = 0
      for dy = -1, 1 do for dx = -1, 1 do if (dy ~= 0 or dx ~= 0) and g[(y + dy - 1) % g.h + 1][(x + dx - 1) % g.w + 1] then c = c + 1 end end end
      n[y][x] = c == 3 or c == 2 and g[y][x]
    end
  end
  return n
end
local function draw(g) for y = 1, g.h do local r = {}; for x = 1, g.w do r[x] = g[y][x] and "#" or "." end io.write(table.concat(r), "\n") end end
local glider = parse {".#......", "..#.....", "###.....", "........", "........", "........"}
local g = glider
for _ = 1, 4 do g = step(g) end
draw(g)
--> ........
--> ..#.....
--> ...#....
--> .###....
--> ........
--> ........
for _ = 5, 12 do g = step(g) end
local alive = 0
for y = 1, g.h do for x = 1, g.w do if g[y][x] then alive = alive + 1 end end end
print(alive) --> 5
-- Rule 30 and rule 90.
local function rule(number, width, lines) local row = {}; for i = 1, width do row[i] = 0 end row[width // 2 + 1] = 1; for _ = 1, lines do print((table.concat(row):gsub("0", "."):gsub("1", "*"))); local new = {}; for i = 1, width do new[i] = number >> ((row[i - 1] or 0) << 2 | row[i] << 1 | (row[i + 1] or 0)) & 1 end row = new end end
rule(30, 15, 5)
--> .......*.......
--> ......***......
--> .....**..*.....
--> ....**.****....
--> ...**..*...*...
rule(90, 15, 5)
--> .......*.......
--> ......*.*......
--> .....*...*.....
--> ....*.*.*.*....
--> ...*.......*...
-- Langton's ant.
local grid, x, y, dx, dy = {}, 0, 0, 0, -1
local function key() return x .. "," .. y end
for _ = 1, 300 do if grid[key()] then dx, dy = dy, -dx; grid[key()] = nil else dx, dy = -dy, dx; grid[key()] = true end x, y = x + dx, y + dy end
local black = 0
for _ in pairs(grid) do black = black + 1 end
print(black, x, y) --> 48	4	-4
-- Mandelbrot set as text.
for py = -1.2, 1.2, 0.4 do
  local line = {}
  for px = -2, 0.6, 0.1 do
    local zr, zi, n = 0.0, 0.0, 0
    while n < 25 and zr * zr + zi * zi <= 4 do zr, zi, n = zr * zr - zi * zi + px, 2 * zr * zi + py, n + 1 end
    line[#line + 1] = n == 25 and "#" or n > 6 and "+" or n > 3 and "-" or "."
  end
  print(table.concat(line))
  --> ..........................
  --> ...........------+##+----.
  --> .....--+++++++##########+-
  --> +######################++-
  --> .....--+++++++##########+-
  --> ...........------+##+----.
end
-- Turtle: a spiral on a canvas, L-system expansion.
local canvas = setmetatable({}, {__index = function(t, k) local r = setmetatable({}, {__index = function() return "." end}); t[k] = r; return r end})
local tx, ty, dir = 6, 6, 0
local moves = {[0] = {1, 0}, {0, 1}, {-1, 0}, {0, -1}}
local length = 1
canvas[ty][tx] = "o"
for turn = 1, 8 do for _ = 1, length do tx, ty = tx + moves[dir][1], ty + moves[dir][2]; canvas[ty][tx] = "o" end dir = (dir + 1) % 4; if turn % 2 == 0 then length = length + 2 end end
for row = 1, 11 do local l = {}; for col = 1, 11 do l[col] = canvas[row][col] end print(table.concat(l)) end
--> ...........
--> .o.........
--> .o.........
--> .o.oooooo..
--> .o.o....o..
--> .o.o.oo.o..
--> .o.oooo.o..
--> .o......o..
--> .oooooooo..
--> ...........
--> ...........
local s = "F"
for _ = 1, 4 do s = s:gsub("F", "F+F-F-F+F") end
print(#s, s:sub(1, 20), select(2, s:gsub("F", ""))) --> 1249	F+F-F-F+F+F+F-F-F+F-	625
-- Pascal's triangle modulo 2, diamonds, boxes.
local row = {1}
for n = 1, 8 do local l = {}; for i, v in ipairs(row) do l[i] = v % 2 == 1 and "^" or " " end io.write((" "):rep(8 - n), table.concat(l, " "):gsub(" +$", "") .. "", "\n"); local next_row = {1}; for i = 2, #row do next_row[i] = row[i - 1] + row[i] end next_row[#row + 1] = 1; row = next_row end
-->        ^
-->       ^ ^
-->      ^   ^
-->     ^ ^ ^ ^
-->    ^       ^
-->   ^ ^     ^ ^
-->  ^   ^   ^   ^
--> ^ ^ ^ ^ ^ ^ ^ ^
for n = -2, 2 do print((" "):rep(math.abs(n)) .. ("*"):rep(5 - 2 * math.abs(n))) end
-->   *
-->  ***
--> *****
-->  ***
-->   *
