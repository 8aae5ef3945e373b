print(5 & 3, 5 | 3, 5 ~ 3, ~5, ~0, 1 << 4, 256 >> 4, -1 >> 60, -1 << 60, 1 << 62, 1 << 63)
print(5.0 & 3, 2^31 | 0, -1.0 >> 63)
print(pcall(function() return "7" & 3 end))
print(pcall(function() return ~"0" end))
