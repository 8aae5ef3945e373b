-- group: strings
-- measures: find, match and gmatch: plain search, anchors, classes, captures, back-tracking, %b.

local lines = {}
for index = 1, 600 do
  lines[index] = ("2024-%02d-%02d %02d:%02d:%02d host%d app[%d]: key%d=(value %d (nested %d)), status=%s"):format(
    index % 12 + 1, index % 28 + 1, index % 24, index % 60, (index * 7) % 60, index % 9, index * 3,
    index % 17, index * 11, index, index % 5 == 0 and "error" or "ok"
  )
end
local whole = table.concat(lines, "\n")

local checksum = 0
for round = 1, 340 do
  for index = 1, #lines do
    local line = lines[index]
    local year, month, day = line:match("^(%d+)-(%d+)-(%d+)")
    checksum = checksum + year + month * day
    local first, last = line:find("status=%a+$")
    checksum = checksum + first - last
    if line:find("error", 1, true) then checksum = checksum + 1 end
    checksum = checksum + #line:match("%b()") + #line:match("%[(%d+)%]")
    if line:match("^(.-):%s*(.*)$") and not line:find("absent") then checksum = checksum + 1 end
  end
  for key, value in whole:gmatch("(key%d+)=%((%a+)") do checksum = checksum + #key * #value end
  local words = 0
  for _ in whole:gmatch("%a+") do words = words + 1 end
  checksum = (checksum + words + (whole:find("key16=(value 6545", 1, true) or round)) % 1000003
end
print(string.format("patterns_find %d", checksum))
