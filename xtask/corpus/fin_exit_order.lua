-- Finalizers that are pending at the end of the script run in reverse order, with errors as warnings.
--! stderr Lua warning: error in __gc
warn "@on"
local function new(name, f) return setmetatable({name = name}, {__gc = f or function(o) print("finalize " .. o.name) end}) end
objects = {}
objects[1] = new "first"
objects[2] = new("second", function() error("failing finalizer", 0) end)
objects[3] = new "third"
package.loaded.corpus_object = new "in registry"
objects[4] = coroutine.create(function() local inner = new "in coroutine"; coroutine.yield() end)
coroutine.resume(objects[4])
objects[5] = new("creator", function(o) print "creator makes another"; new_object = new "made at exit" end)
print "end of script" --> end of script
--> creator makes another
--> finalize in coroutine
--> finalize in registry
--> finalize third
--> finalize first
