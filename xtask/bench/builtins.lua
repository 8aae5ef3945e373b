-- group: calls
-- measures: calls of library functions through globals and fields: math, type, tostring, select, rawget, assert.

local total = 0
for index = 1, 1800000 do
  total = total + math.floor(index / 3) + math.max(index, 5, 7) - math.min(index, 100)
  if type(index) == "number" then total = total + math.abs(-index % 10) end
  total = total + select("#", index, nil, total)
  assert(rawequal(index, index), "not equal")
  total = total + (tonumber("12") or 0) + math.sqrt(4)
end

local record = setmetatable({ field = 3 }, { __index = { other = 4 } })
for index = 1, 1800000 do
  rawset(record, "field", index % 5)
  total = total + rawget(record, "field") + (rawget(record, "other") and 1 or 0)
  if getmetatable(record).__index.other ~= record.other then total = total + 1 end
  total = total + ("x"):len() + ("abc"):byte(2)
end
print(string.format("builtins %.0f", total))
