-- group: strings
-- measures: loops over the characters of a string with byte, sub and char: checksums, ciphers, palindromes.

local byte, sub, char = string.byte, string.sub, string.char

local text = ("The quick brown fox jumps over the lazy dog. "):rep(400)

local function adler(input)
  local a, b = 1, 0
  for index = 1, #input do
    a = (a + byte(input, index)) % 65521
    b = (b + a) % 65521
  end
  return b * 65536 + a
end

local function rotate_letters(input)
  local output = {}
  for index = 1, #input do
    local code = byte(input, index)
    if code >= 97 and code <= 122 then
      code = (code - 97 + 13) % 26 + 97
    elseif code >= 65 and code <= 90 then
      code = (code - 65 + 13) % 26 + 65
    end
    output[index] = char(code)
  end
  return table.concat(output)
end

local function vowels(input)
  local count = 0
  for index = 1, #input do
    local letter = sub(input, index, index)
    if letter == "a" or letter == "e" or letter == "i" or letter == "o" or letter == "u" then
      count = count + 1
    end
  end
  return count
end

local function palindromes(input, width)
  local count = 0
  for first = 1, #input - width + 1 do
    local left, right = first, first + width - 1
    while left < right and input:byte(left) == input:byte(right) do
      left, right = left + 1, right - 1
    end
    if left >= right then count = count + 1 end
  end
  return count
end

local checksum = 0
for round = 1, 180 do
  local rotated = rotate_letters(text)
  assert(round > 1 or rotate_letters(rotated) == text)
  checksum = (checksum + adler(rotated) + vowels(text) * round + palindromes(rotated, 3)) % 1000003
end
print(string.format("string_bytes %d", checksum))
