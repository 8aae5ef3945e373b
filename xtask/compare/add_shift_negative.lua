for _, n in ipairs {0, 1, 63, 64, 65, -1, -63, -64, math.maxinteger, math.mininteger} do print(n, 1 << n, -1 >> n, 1 >> n, -1 << n) end
