-- group: strings
-- measures: rep, reverse, upper, lower, sub on long strings; comparison of strings; concat of long pieces.

local checksum = 0
for round = 1, 9000 do
  local block = ("abc" .. round .. "xyz"):rep(200, "-")
  local flipped = block:reverse()
  local shouted = block:upper()
  checksum = checksum + #block + flipped:byte(round % 50 + 1) + shouted:byte(round % 50 + 1)
  if flipped < shouted then checksum = checksum + 1 end
  if block == shouted:lower() then checksum = checksum + 1 end
  local joined = block .. flipped .. shouted
  for first = 1, #joined - 100, 100 do
    local piece = joined:sub(first, first + 99)
    if piece < block then checksum = checksum + #piece else checksum = checksum - 1 end
  end
end

local padded = 0
for index = 1, 2000000 do
  local label = "#" .. index
  local cell = (" "):rep(10 - #label) .. label
  if cell:sub(-3) == "000" then padded = padded + #cell end
  if label == "#" .. index then padded = padded + 1 end
end
print(string.format("string_rep_concat %d %d", checksum, padded))
