print(string.unpack("s1", "\3abcd"))
print(string.pack("c0", ""):len(), string.unpack("c0", "x"))
print(pcall(string.unpack, "c5", "abc"))
