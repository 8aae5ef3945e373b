-- An uncaught error: message with position and traceback on standard error, exit status 1.
--! exit 1
--! stderr custom failure
--! stderr stack traceback:
print "before" --> before
local function fail() error("custom failure") end
local t = setmetatable({}, {__gc = function() end, __close = function() print "closed?" end})
io.write("still ", "running", "\n") --> still running
fail()
