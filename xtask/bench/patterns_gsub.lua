-- group: strings
-- measures: string.gsub with strings, captures, tables and functions as replacement.

local text = {}
for index = 1, 400 do
  text[index] = "User" .. index .. " <user" .. index .. "@example.org> wrote: ${greeting}, ${name}!  Total = "
    .. index * 37 .. "; see http://host" .. index % 10 .. ".net/path?q=" .. index
end
text = table.concat(text, "\n")

local escapes = { ["<"] = "&lt;", [">"] = "&gt;", ["&"] = "&amp;" }
local values = { greeting = "Good morning", name = "reader" }

local checksum = 0
for round = 1, 130 do
  local escaped, escaped_count = text:gsub("[<>&]", escapes)
  local filled, filled_count = text:gsub("%${(%w+)}", values)
  local hidden, hidden_count = text:gsub("(%w+)@(%w+)%.org", "%2 at %1")
  local doubled, doubled_count = text:gsub("%d+", function(digits) return digits * 2 end)
  local trimmed = text:gsub("%s+", " "):gsub("^%s*(.-)%s*$", "%1")
  local upper = text:gsub("%f[%w]%l", string.upper)
  checksum = checksum + #escaped + #filled + #hidden + #doubled + #trimmed + upper:byte(round)
  checksum = checksum + escaped_count + filled_count + hidden_count + doubled_count
end
print(string.format("patterns_gsub %d", checksum))
