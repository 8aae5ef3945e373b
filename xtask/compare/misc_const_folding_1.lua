print(2^53 + 1, 7 // 0.0, -7 // 0.0, 0.0 / 0.0 ~= 0.0 / 0.0, 5 % -3, -5 % 3, 5.0 % -3, 1 << 63 >> 63, "a" .. "b" .. 1 .. 2.0, 3 & 5 | 2, ~0 >> 60, 1e308 * 10 // 1, -2^63 == math.mininteger, 5 // -2, -5 // 2, 5.5 // -2)
print(pcall(load("return 1 // 0")))
print(pcall(load("return 1 % 0")))
print(pcall(load("return 2^53 | 0.5", "=c")))
