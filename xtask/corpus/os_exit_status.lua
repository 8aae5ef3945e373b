-- os.exit with a number: status, and finalizers only when the state is closed.
--! exit 7
print "exiting" --> exiting
io.stdout:setvbuf "full"
io.write "buffered text is flushed\n" --> buffered text is flushed
kept_alive = setmetatable({}, {__gc = function() print "not run without close" end})
os.exit(7)
