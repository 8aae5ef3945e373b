for _, a in ipairs {7, -7} do for _, b in ipairs {2, -2, 3, -3} do
    print(a, b, a // b, a % b, a / b, a // (b + 0.0), a % (b + 0.0), math.fmod(a, b))
end end
print(pcall(function() return 1 // 0 end))
print(pcall(function() return 1 % 0 end))
print(1 // 0.0, -1 // 0.0, 0/0 ~= 0/0, 1 % 0.0 ~= 1 % 0.0)
print(pcall(math.fmod, 1, 0))
print(pcall(math.fmod, 1, 0.0))
print(math.fmod(-6, 4), math.fmod(6, -4), math.fmod(5.5, 2), math.fmod(-5.5, 2), math.fmod(math.mininteger, -1))
print(5.5 // 2, -5.5 // 2, 5.5 % 2, -5.5 % 2, 5.5 % -2, -0.0 // 1, 0.0 % -1)
