for _, f in ipairs {"%d", "%5d|", "%-5d|", "%05d", "%+d", "% d", "%.3d", "%8.3d|", "%-8.3d|", "%+.0d|", "%i"} do print(f, string.format(f, 42), string.format(f, -42), string.format(f, 0)) end
print(pcall(string.format, "%d", {}))
print(pcall(string.format, "%d"))
print(pcall(string.format, "%d", 2^63))
print(pcall(string.format, "%d", 0/0))
