-- group: strings
-- measures: a scanner for a small language: dispatch on bytes, keyword tables, substrings, counting tokens.

local byte, find, sub = string.byte, string.find, string.sub

local source = {}
for index = 1, 250 do
  source[index] = ([[
function area_%d(width, height) -- computes an area
  local scale = %d.5e1 * (width + height) // 2
  if width >= height and not (scale ~= 10) then
    return "wide\tshape", width * height << 3, { x = 0x%x, [1] = 'a' }
  elseif scale <= 3 then return nil end
  while true do counter_%d = counter_%d + 1 break end
end
]]):format(index, index, index, index % 13, index % 13)
end
source = table.concat(source)

local keywords = {}
for word in ("and break do else elseif end false for function if in local nil not or repeat return then true until while"):gmatch("%a+") do
  keywords[word] = true
end
local longer = { ["=="] = true, ["~="] = true, ["<="] = true, [">="] = true, ["<<"] = true, ["//"] = true, [".."] = true }

local function scan(text)
  local position, length = 1, #text
  local counts = { name = 0, keyword = 0, number = 0, string = 0, symbol = 0, comment = 0 }
  local names, lines = {}, 1
  while position <= length do
    local code = byte(text, position)
    if code == 10 then
      lines = lines + 1
      position = position + 1
    elseif code == 32 or code == 9 then
      position = position + 1
    elseif code >= 97 and code <= 122 or code >= 65 and code <= 90 or code == 95 then
      local first = position
      repeat
        position = position + 1
        code = byte(text, position)
      until not code or not (code >= 97 and code <= 122 or code >= 65 and code <= 90 or code >= 48 and code <= 57 or code == 95)
      local word = sub(text, first, position - 1)
      if keywords[word] then
        counts.keyword = counts.keyword + 1
      else
        counts.name = counts.name + 1
        names[word] = (names[word] or 0) + 1
      end
    elseif code >= 48 and code <= 57 then
      local _, last = find(text, "^0[xX]%x+", position)
      if not last then _, last = find(text, "^%d+%.?%d*[eE]?%d*", position) end
      counts.number = counts.number + 1
      position = last + 1
    elseif code == 34 or code == 39 then
      local quote = code
      position = position + 1
      while byte(text, position) ~= quote do
        position = position + (byte(text, position) == 92 and 2 or 1)
      end
      counts.string = counts.string + 1
      position = position + 1
    elseif code == 45 and byte(text, position + 1) == 45 then
      position = find(text, "\n", position, true) or length + 1
      counts.comment = counts.comment + 1
    else
      position = position + (longer[sub(text, position, position + 1)] and 2 or 1)
      counts.symbol = counts.symbol + 1
    end
  end
  return counts, names, lines
end

local checksum = 0
for round = 1, 180 do
  local counts, names, lines = scan(source)
  checksum = checksum + counts.name * 2 + counts.keyword * 3 + counts.number * 5 + counts.string * 7
    + counts.symbol * 11 + counts.comment * 13 + names.width * round + lines
end
print(string.format("lexer %d %d", #source, checksum))
