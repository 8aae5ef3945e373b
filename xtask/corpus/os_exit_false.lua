-- os.exit(false) is failure.
--! exit 1
print "failure" --> failure
local co = coroutine.wrap(function() os.exit(false) end)
co()
error "not reached"
