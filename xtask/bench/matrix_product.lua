-- group: floats
-- measures: the product of square matrices kept as tables of rows.

local SIZE = 190

local function generate(scale)
  local rows = {}
  for i = 1, SIZE do
    local row = {}
    for j = 1, SIZE do row[j] = scale * (i - j) * (i + j) end
    rows[i] = row
  end
  return rows
end

local function transpose(matrix)
  local rows = {}
  for j = 1, SIZE do
    local row = {}
    for i = 1, SIZE do row[i] = matrix[i][j] end
    rows[j] = row
  end
  return rows
end

local function multiply(a, b)
  local columns, product = transpose(b), {}
  for i = 1, SIZE do
    local left, row = a[i], {}
    for j = 1, SIZE do
      local right, sum = columns[j], 0.0
      for k = 1, SIZE do sum = sum + left[k] * right[k] end
      row[j] = sum
    end
    product[i] = row
  end
  return product
end

local scale = 1.0 / SIZE / SIZE
local left, right = generate(scale), generate(scale * 0.5)
local result
for _ = 1, 13 do result = multiply(left, right) end

local trace = 0.0
for i = 1, SIZE do trace = trace + result[i][i] end
print(string.format("matrix_product %.9f %.9f", trace, result[3][SIZE - 2]))
