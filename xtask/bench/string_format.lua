-- group: strings
-- measures: string.format with integers, floats, strings, padding and hexadecimal; tostring and tonumber.

local format = string.format

local length, sum = 0, 0
for index = 1, 380000 do
  local line = format("%5d|%-8s|%08.3f|%x|%s", index, "id" .. index % 100, index / 7, index, index % 2 == 0)
  length = length + #line
  length = length + #format("%d:%d:%d", index % 24, index % 60, index % 59)
  length = length + #format("%g %.2f", index * 0.25, index / 3)
  length = length + #format("%q", "a\nb" .. index)
  sum = sum + tonumber(tostring(index)) + tonumber(format("%.1f", index / 2))
end
print(string.format("string_format %d %.1f", length, sum))
