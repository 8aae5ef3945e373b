-- group: pcall
-- measures: errors that are caught: raised with a value, with a message, by an operation, through frames.

local function raise(value) error(value, 0) end
local function fail_with_message(index) error("failure " .. index % 10) end
local function index_nothing(nothing) return nothing.field end
local function deep(depth, value)
  if depth == 0 then error(value) end
  return 1 + deep(depth - 1, value)
end

local caught, length = 0, 0
local token = {}
for index = 1, 450000 do
  local ok, value = pcall(raise, token)
  if not ok and value == token then caught = caught + 1 end

  ok, value = pcall(fail_with_message, index)
  if not ok then length = length + #value:match("failure %d$") end

  ok, value = pcall(index_nothing, nil)
  if not ok and value:find("attempt to index", 1, true) then caught = caught + 1 end

  ok, value = pcall(deep, 8, token)
  if not ok and value == token then caught = caught + 1 end

  ok, value = xpcall(raise, function(inner) return inner + 1 end, index)
  if not ok then caught = caught + value % 2 end
end
print(string.format("pcall_error %d %d", caught, length))
