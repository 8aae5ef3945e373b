print(string.char(), #string.char(0, 1, 255), string.char(72, 105.0, "33"))
print(pcall(string.char, 1, 2, 256))
print(pcall(string.char, 1.5))
print(pcall(string.char, {}))
