-- group: strings
-- measures: building strings: `..` of several operands, growing by appending, table.concat, tostring.

local concat = table.concat

local function csv(rows)
  local lines = {}
  for row = 1, rows do
    local cells = {}
    for column = 1, 8 do cells[column] = row * column % 1000 end
    lines[row] = concat(cells, ",")
  end
  return concat(lines, "\n")
end

local function log_lines(count)
  local length = 0
  for index = 1, count do
    local line = "[" .. index .. "] " .. "level=" .. (index % 3) .. " took " .. index / 4 .. " ms"
    length = length + #line
  end
  return length
end

local function append(count)
  local text = ""
  for index = 1, count do text = text .. (index % 10) end
  return text
end

local function reverse_words(text)
  local words, count = {}, 0
  for word in text:gmatch("%d+") do
    count = count + 1
    words[count] = word
  end
  local reversed = {}
  for index = count, 1, -1 do reversed[#reversed + 1] = words[index] end
  return concat(reversed, " ")
end

local checksum = 0
for round = 1, 20 do
  local text = csv(5000 + round)
  checksum = checksum + #text + #reverse_words(text)
  checksum = checksum + log_lines(60000) % 2 + #append(8000 + round)
  checksum = checksum + #tostring(round) + append(20):byte(round)
end
print(string.format("string_build %d", checksum))
