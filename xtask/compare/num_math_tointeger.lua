for _, v in ipairs {1, 1.0, 1.5, 2^63, -2^63, "8", "8.0", "0x10", "x", true, 1e15} do print(v, pcall(math.tointeger, v)) end
print(pcall(math.tointeger))
print(math.tointeger({}), math.tointeger(nil))
print(math.type(1), math.type(1.0), math.type("1"), pcall(math.type))
print(3 | 0, pcall(function() return 3.5 | 0 end))
print(2^31 | 0, math.tointeger(2^53), math.tointeger(-0.0))
