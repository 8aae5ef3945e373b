-- Search: N queens in three styles, knapsack, permutations, sudoku, word ladder, flood fill.
local function queens(n)
  local count, first, cols, d1, d2, place = 0, nil, {}, {}, {}, {}
  local function try(row)
    if row > n then count = count + 1; first = first or table.concat(place, ",") return end
    for c = 1, n do
      if not (cols[c] or d1[row + c] or d2[row - c]) then
        cols[c], d1[row + c], d2[row - c], place[row] = true, true, true, c
        try(row + 1)
        cols[c], d1[row + c], d2[row - c] = nil, nil, nil
      end
    end
  end
  try(1)
  return count, first
end
for n = 1, 6 do print(n, queens(n)) end
--> 1	1	1
--> 2	0	nil
--> 3	0	nil
--> 4	2	2,4,1,3
--> 5	10	1,3,5,2,4
--> 6	4	2,4,6,1,3,5
local function queens_bits(n)
  local all, count = (1 << n) - 1, 0
  local function try(cols, left, right)
    if cols == all then count = count + 1 return end
    local free = all & ~(cols | left | right)
    while free ~= 0 do local bit = free & -free; free = free ~ bit; try(cols | bit, (left | bit) << 1, (right | bit) >> 1) end
  end
  try(0, 0, 0)
  return count
end
print(queens_bits(4), queens_bits(6), queens_bits(7)) --> 2	4	40
-- Next permutation in place.
local function next_permutation(p)
  local i = #p - 1
  while i > 0 and p[i] >= p[i + 1] do i = i - 1 end
  if i == 0 then return false end
  local j = #p
  while p[j] <= p[i] do j = j - 1 end
  p[i], p[j] = p[j], p[i]
  i, j = i + 1, #p
  while i < j do p[i], p[j] = p[j], p[i]; i, j = i + 1, j - 1 end
  return true
end
local p, n, last = {1, 2, 2, 3}, 0, nil
repeat n = n + 1; last = table.concat(p) until not next_permutation(p)
print(n, last) --> 12	3221
-- Knapsack by dynamic programming, with the chosen items.
local items = {{"map", 9, 150}, {"compass", 13, 35}, {"water", 153, 200}, {"sandwich", 50, 160}, {"glucose", 15, 60}, {"tin", 68, 45}, {"banana", 27, 60}, {"apple", 39, 40}}
local best, take = {}, {}
for w = 0, 150 do best[w] = 0 end
for i, item in ipairs(items) do
  take[i] = {}
  for w = 150, item[2], -1 do
    local with = best[w - item[2]] + item[3]
    if with > best[w] then best[w] = with; take[i][w] = true end
  end
end
local w, chosen = 150, {}
for i = #items, 1, -1 do if take[i][w] then chosen[#chosen + 1] = items[i][1]; w = w - items[i][2] end end
print(best[150], table.concat(chosen, " ")) --> 470	apple banana glucose sandwich map
-- Longest common subsequence and edit distance.
local function lcs(a, b)
  local t = {}
  for i = 0, #a do t[i] = {[0] = ""} end
  for j = 0, #b do t[0][j] = "" end
  for i = 1, #a do for j = 1, #b do
    if a:byte(i) == b:byte(j) then t[i][j] = t[i - 1][j - 1] .. a:sub(i, i) else t[i][j] = #t[i - 1][j] >= #t[i][j - 1] and t[i - 1][j] or t[i][j - 1] end
  end end
  return t[#a][#b]
end
local function distance(a, b)
  local row = {}
  for j = 0, #b do row[j] = j end
  for i = 1, #a do
    local diagonal = row[0]
    row[0] = i
    for j = 1, #b do diagonal, row[j] = row[j], math.min(row[j] + 1, row[j - 1] + 1, diagonal + (a:byte(i) == b:byte(j) and 0 or 1)) end
  end
  return row[#b]
end
print(lcs("AGGTAB", "GXTXAYB"), lcs("", "x"), distance("kitten", "sitting"), distance("", "abc"), distance("same", "same"))
--> GTAB		3	3	0
-- A small sudoku (4x4) by constraint and backtracking.
local grid = {{1, 0, 0, 0}, {0, 0, 3, 0}, {0, 4, 0, 0}, {0, 0, 0, 2}}
local function allowed(r, c, v) for i = 1, 4 do if grid[r][i] == v or grid[i][c] == v then return false end end local br, bc = (r - 1) // 2 * 2, (c - 1) // 2 * 2; for i = 1, 2 do for j = 1, 2 do if grid[br + i][bc + j] == v then return false end end end return true end
local function solve() for r = 1, 4 do for c = 1, 4 do if grid[r][c] == 0 then for v = 1, 4 do if allowed(r, c, v) then grid[r][c] = v; if solve() then return true end grid[r][c] = 0 end end return false end end end return true end
print(solve(), table.concat(grid[1]), table.concat(grid[2]), table.concat(grid[3]), table.concat(grid[4]))
--> true	1324	4231	2413	3142
-- Shortest path in a maze by breadth-first search.
local maze = {"S.#.....", ".##.###.", "....#...", "##.##.#.", "...#..#E"}
local queue, seen, head = {{1, 1, 0}}, {["1,1"] = true}, 1
local found
while queue[head] and not found do
  local r, c, d = table.unpack(queue[head]); head = head + 1
  if maze[r]:sub(c, c) == "E" then found = d end
  for _, m in ipairs {{0, 1}, {1, 0}, {0, -1}, {-1, 0}} do
    local nr, nc = r + m[1], c + m[2]
    local cell = maze[nr] and maze[nr]:sub(nc, nc) or "#"
    if cell ~= "#" and cell ~= "" and not seen[nr .. "," .. nc] then seen[nr .. "," .. nc] = true; queue[#queue + 1] = {nr, nc, d + 1} end
  end
end
print(found, #queue) --> 15	23
