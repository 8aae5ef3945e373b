print(pcall(assert, false))
print(pcall(assert, nil, "m"))
print(pcall(assert, false, {1} and 7))
print(pcall(assert, 1, 2, 3))
