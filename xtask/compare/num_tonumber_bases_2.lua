for base = 2, 36, 7 do print(base, tonumber("10", base), tonumber("zz", base), tonumber("-11", base), tonumber(" 11 ", base)) end
print(pcall(tonumber, 10, 10))
print(pcall(tonumber))
print(tonumber({}), tonumber(nil), tonumber(true), tonumber(print))
print(pcall(tonumber, "1", "x"))
print(tonumber("-", 10), tonumber("- 1", 10), tonumber("-z", 36), tonumber("1\0", 10))
