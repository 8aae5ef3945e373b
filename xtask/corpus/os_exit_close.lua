-- os.exit with close: to-be-closed variables of the main chunk and finalizers run.
--! exit 3
local keep = setmetatable({}, {__gc = function() io.write "finalized\n" end})
print "before exit" --> before exit
os.exit(3, true)
--> finalized
