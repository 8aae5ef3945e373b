-- group: floats
-- measures: float division in nested loops, small leaf calls, array reads and writes.

local SIZE = 760

local function element(i, j)
  local ij = i + j - 1
  return 1.0 / (ij * (ij - 1) * 0.5 + i)
end

local function multiply(x, y)
  for i = 1, SIZE do
    local sum = 0.0
    for j = 1, SIZE do sum = sum + x[j] * element(i, j) end
    y[i] = sum
  end
end

local function multiply_transposed(x, y)
  for i = 1, SIZE do
    local sum = 0.0
    for j = 1, SIZE do sum = sum + x[j] * element(j, i) end
    y[i] = sum
  end
end

local u, v, t = {}, {}, {}
for i = 1, SIZE do u[i] = 1.0 end
for _ = 1, 10 do
  multiply(u, t)
  multiply_transposed(t, v)
  multiply(v, t)
  multiply_transposed(t, u)
end

local uv, vv = 0.0, 0.0
for i = 1, SIZE do
  uv = uv + u[i] * v[i]
  vv = vv + v[i] * v[i]
end
print(string.format("spectral_norm %.9f", math.sqrt(uv / vv)))
