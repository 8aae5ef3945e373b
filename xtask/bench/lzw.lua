-- group: strings
-- measures: LZW compression and expansion: dictionaries keyed by growing strings, concatenation, char.

local char, sub, concat = string.char, string.sub, table.concat

local function compress(text)
  local codes, next_code = {}, 256
  for byte = 0, 255 do codes[char(byte)] = byte end
  local output, current = {}, ""
  for index = 1, #text do
    local letter = sub(text, index, index)
    local longer = current .. letter
    if codes[longer] then
      current = longer
    else
      output[#output + 1] = codes[current]
      codes[longer] = next_code
      next_code = next_code + 1
      current = letter
    end
  end
  if current ~= "" then output[#output + 1] = codes[current] end
  return output
end

local function expand(codes)
  local words, next_code = {}, 256
  for byte = 0, 255 do words[byte] = char(byte) end
  local previous = words[codes[1]]
  local output = { previous }
  for index = 2, #codes do
    local word = words[codes[index]] or previous .. sub(previous, 1, 1)
    output[#output + 1] = word
    words[next_code] = previous .. sub(word, 1, 1)
    next_code = next_code + 1
    previous = word
  end
  return concat(output)
end

local words = { "the ", "quick ", "brown ", "fox ", "jumps ", "over ", "lazy ", "dog, ", "and ", "then\n" }
local seed, parts = 13, {}
for index = 1, 16000 do
  seed = (seed * 16807) % 2147483647
  parts[index] = words[seed % #words + 1]
end
local text = concat(parts)

local checksum = 0
for round = 1, 99 do
  local codes = compress(text .. round)
  assert(expand(codes) == text .. round)
  checksum = checksum + #codes + codes[#codes]
end
print(string.format("lzw %d %d", #text, checksum))
