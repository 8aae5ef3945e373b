-- warn: control messages, several pieces, messages of failing finalizers, on standard error.
--! stderr Lua warning: first piece, second piece
--! stderr Lua warning: on again
--! stderr Lua warning: error in __gc
warn("@off")
warn("not shown")
warn("@on")
warn("first piece", ", ", "second piece")
warn("@unknown control message")
warn("@", "on in two pieces is an ordinary message")
warn("@off")
warn("hidden ", "message")
warn("@on")
warn("on again")
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
print(err(warn)) --> bad argument #1 to 'warn' (string expected, got no value)
print(err(warn, {})) --> bad argument #1 to 'warn' (string expected, got table)
print(err(warn, "a", nil)) --> bad argument #2 to 'warn' (string expected, got nil)
print(err(warn, "a", true, "b")) --> bad argument #2 to 'warn' (string expected, got boolean)
print(pcall(warn, 12, 1.5)) --> true
print(select("#", warn("returns nothing"))) --> 0
local function fails() setmetatable({}, {__gc = function() error("reported by warn", 0) end}) end
fails()
collectgarbage()
collectgarbage()
print "after the warnings" --> after the warnings
