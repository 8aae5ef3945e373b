-- Matrices with operators: products, powers, determinant and inverse by elimination, exact fractions.
local Matrix = {}
Matrix.__index = Matrix
local function new(rows) return setmetatable(rows, Matrix) end
local function identity(n) local m = {}; for i = 1, n do m[i] = {}; for j = 1, n do m[i][j] = i == j and 1 or 0 end end return new(m) end
function Matrix.__add(a, b) local m = {}; for i = 1, #a do m[i] = {}; for j = 1, #a[i] do m[i][j] = a[i][j] + b[i][j] end end return new(m) end
function Matrix.__mul(a, b)
  if type(a) == "number" then a, b = b, a end
  local m = {}
  if type(b) == "number" then for i = 1, #a do m[i] = {}; for j = 1, #a[i] do m[i][j] = a[i][j] * b end end return new(m) end
  if #a[1] ~= #b then error(("cannot multiply %dx%d by %dx%d"):format(#a, #a[1], #b, #b[1]), 2) end
  for i = 1, #a do m[i] = {}; for j = 1, #b[1] do local s = 0; for k = 1, #b do s = s + a[i][k] * b[k][j] end m[i][j] = s end end
  return new(m)
end
function Matrix.__pow(a, n) local r = identity(#a); while n > 0 do if n & 1 == 1 then r = r * a end a = a * a; n = n >> 1 end return r end
function Matrix.__eq(a, b) if #a ~= #b then return false end for i = 1, #a do for j = 1, #a[i] do if a[i][j] ~= b[i][j] then return false end end end return true end
function Matrix.__unm(a) return a * -1 end
function Matrix.__tostring(a) local rows = {}; for i, r in ipairs(a) do local cells = {}; for j, v in ipairs(r) do cells[j] = tostring(v) end rows[i] = table.concat(cells, " ") end return "[" .. table.concat(rows, "; ") .. "]" end
function Matrix.__concat(a, b) return tostring(a) .. tostring(b) end
function Matrix.__call(a, i, j) return a[i][j] end
function Matrix:transpose() local m = {}; for j = 1, #self[1] do m[j] = {}; for i = 1, #self do m[j][i] = self[i][j] end end return new(m) end
local a, b = new {{1, 2}, {3, 4}}, new {{0, 1}, {1, 0}}
print(a + b, a * b, b * a, a * 2, 2 * a, -a, a ^ 3, a(2, 1))
--> [1 3; 4 4]	[2 1; 4 3]	[3 4; 1 2]	[2 4; 6 8]	[2 4; 6 8]	[-1 -2; -3 -4]	[37 54; 81 118]	3
print(a * identity(2) == a, a == b, a ~= b, (a * b):transpose() == b:transpose() * a:transpose(), "A=" .. a)
--> true	false	true	true	A=[1 2; 3 4]
print(select(2, pcall(function() return a * new {{1, 2, 3}} end)):match("cannot.*")) --> cannot multiply 2x2 by 1x3
local fib = new {{1, 1}, {1, 0}}
print((fib ^ 10)(1, 2), (fib ^ 50)(1, 2), (fib ^ 90)(1, 2)) --> 55	12586269025	2880067194370816120
-- Exact fractions as elements.
local Frac = {}
Frac.__index = Frac
local function gcd(x, y) while y ~= 0 do x, y = y, x % y end return x end
local function frac(n, d) d = d or 1; if d < 0 then n, d = -n, -d end local g = gcd(math.abs(n), d); if g == 0 then error("zero denominator", 0) end return setmetatable({n = n // g, d = d // g}, Frac) end
local function lift(x) return type(x) == "number" and frac(x) or x end
Frac.__add = function(x, y) x, y = lift(x), lift(y); return frac(x.n * y.d + y.n * x.d, x.d * y.d) end
Frac.__sub = function(x, y) x, y = lift(x), lift(y); return frac(x.n * y.d - y.n * x.d, x.d * y.d) end
Frac.__mul = function(x, y) if getmetatable(y) == Matrix then return y * x end x, y = lift(x), lift(y); return frac(x.n * y.n, x.d * y.d) end
Frac.__div = function(x, y) x, y = lift(x), lift(y); if y.n == 0 then error("division by zero", 0) end return frac(x.n * y.d, x.d * y.n) end
Frac.__eq = function(x, y) return x.n == y.n and x.d == y.d end
Frac.__lt = function(x, y) x, y = lift(x), lift(y); return x.n * y.d < y.n * x.d end
Frac.__le = function(x, y) x, y = lift(x), lift(y); return x.n * y.d <= y.n * x.d end
Frac.__unm = function(x) return frac(-x.n, x.d) end
Frac.__tostring = function(x) return x.d == 1 and tostring(x.n) or x.n .. "/" .. x.d end
print(tostring(frac(1, 2) + frac(1, 3)), tostring(frac(6, -4)), tostring(frac(1, 2) - 1), tostring(3 * frac(2, 3)), frac(1, 2) == frac(2, 4), frac(1, 3) < frac(1, 2), frac(1, 2) <= 0, tostring(-frac(5)), pcall(function() return frac(1) / 0 end))
--> 5/6	-3/2	-1/2	2	true	true	false	-5	false	division by zero
function Matrix:inverse()
  local n, m, det = #self, {}, frac(1)
  for i = 1, n do m[i] = {}; for j = 1, 2 * n do m[i][j] = j <= n and lift(self[i][j]) or frac(j - n == i and 1 or 0) end end
  for col = 1, n do
    local pivot = col
    while pivot <= n and m[pivot][col].n == 0 do pivot = pivot + 1 end
    if pivot > n then return nil, frac(0) end
    if pivot ~= col then m[pivot], m[col] = m[col], m[pivot]; det = -det end
    det = det * m[col][col]
    local p = m[col][col]
    for j = 1, 2 * n do m[col][j] = m[col][j] / p end
    for i = 1, n do if i ~= col and m[i][col].n ~= 0 then local f = m[i][col]; for j = 1, 2 * n do m[i][j] = m[i][j] - f * m[col][j] end end end
  end
  local inv = {}
  for i = 1, n do inv[i] = table.move(m[i], n + 1, 2 * n, 1, {}) end
  return new(inv), det
end
local hilbert = {}
for i = 1, 4 do hilbert[i] = {}; for j = 1, 4 do hilbert[i][j] = frac(1, i + j - 1) end end
local inv, det = new(hilbert):inverse()
print(inv, tostring(det)) --> [16 -120 240 -140; -120 1200 -2700 1680; 240 -2700 6480 -4200; -140 1680 -4200 2800]	1/6048000
print(inv * new(hilbert)); print(new({{2, 1}, {7, 4}}):inverse()); print(new({{1, 2}, {2, 4}}):inverse()); print(new({{0, 1}, {1, 0}}):inverse())
--> [1 0 0 0; 0 1 0 0; 0 0 1 0; 0 0 0 1]
--> [4 -1; -7 2]	1
--> nil	0
--> [0 1; 1 0]	-1
