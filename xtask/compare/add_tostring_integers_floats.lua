for _, v in ipairs {0, -0, 1e0, 1e1, 10 // 1, 10 / 1, 10 // 1.0, 7 % 2.0, 2^2, 1e2 | 0, "0x10" + 0, "1e1" + 0, 3 * 1.0, -7 // 2, -7 / 2} do io.write(tostring(v), " ") end print()
