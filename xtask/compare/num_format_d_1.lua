for _, f in ipairs {"%d", "%5d|", "%-5d|", "%05d", "%+d", "% d", "%.3d", "%8.3d|", "%-8.3d|", "%+.0d|", "%i"} do print(f, string.format(f, 42), string.format(f, -42), string.format(f, 0)) end
print(string.format("%d", 3.0), string.format("%d", "10"), string.format("%d", -0.0))
print(pcall(string.format, "%d", 3.5))
print(pcall(string.format, "%d", "3.5"))
print(pcall(string.format, "%d", "x"))
