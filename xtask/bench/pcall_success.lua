-- group: pcall
-- measures: pcall and xpcall around functions that do not fail, flat and nested.

local pcall, xpcall = pcall, xpcall

local function add(a, b) return a + b end
local function handler(message) return message end

local function nested(depth)
  if depth == 0 then return 1 end
  local ok, value = pcall(nested, depth - 1)
  return ok and value + 1 or 0
end

local total = 0
for index = 1, 9000000 do
  local ok, sum = pcall(add, index, 1)
  if ok then total = total + sum end
end
for index = 1, 4000000 do
  local ok, sum = xpcall(add, handler, index, 2)
  if ok then total = total + sum end
end
for _ = 1, 48000 do total = total + nested(60) end
print(string.format("pcall_success %d", total))
