print(pcall(string.pack, "y", 1))
print(pcall(string.pack, "!17i4", 1))
print(pcall(string.pack, "!3i4", 1))
print(pcall(string.pack, "i", {}))
