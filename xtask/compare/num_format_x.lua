for _, f in ipairs {"%x", "%X", "%#x", "%#X", "%08x", "%-8x|", "%.5x", "%o", "%#o"} do print(f, string.format(f, 255), string.format(f, 0), string.format(f, -1)) end
print(string.format("%x", 10.0), string.format("%c%c%c", 76, 117, 97), string.format("%5c|%-5c|", 65, 66))
print(#string.format("%c", 0), string.format("%c", 256 + 65))
print(pcall(string.format, "%u", 3))
print(pcall(string.format, "%ld", 3))
