-- Errors of the reader of load, which message handlers see.
-- Addresses differ from run to run.
local function print(...)
  local words = table.pack(...)
  for i = 1, words.n do
    words[i] = tostring(words[i]):gsub("0x%x%x%x%x%x%x+", "0x?")
  end
  io.write(table.concat(words, "\t"), "\n")
end
print(pcall(load, function() error("boom") end))
print(load(function() error("boom") end))
print(load(function() error({}) end))
print(xpcall(function() return load(function() error("x") end) end, debug.traceback))
print(xpcall(load, debug.traceback, function() error("x") end))
local function reader() print(debug.traceback("in reader")) return nil end
load(reader)
local co=coroutine.wrap(function() print(pcall(load,function() coroutine.yield(1) end)) end)
print(co())
