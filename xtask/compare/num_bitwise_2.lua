print(1 >> -2, 4 << -1, 1 >> 64, 1 << 100, 1 >> math.mininteger, 1 << math.mininteger, 1 << math.maxinteger)
print(0xff & ~0xf, 1 | 2 ~ 3 & 4, 1 << 2 + 1, (1 << 2) + 1, 2 ~ 3, ~1 + 1)
print(pcall(function() local a = "x" return a & 1 end))
print(pcall(function() local a = 1.2 return 1 ~ a end))
