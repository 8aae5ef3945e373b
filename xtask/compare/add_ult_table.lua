for _, p in ipairs {{0, 1}, {-1, 1}, {1, -1}, {math.mininteger, math.maxinteger}, {5, 5}} do print(p[1], p[2], math.ult(p[1], p[2])) end
print(pcall(math.ult, 1.5, 2))
print(pcall(math.ult, 1))
