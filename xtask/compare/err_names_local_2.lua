local t, n, s = nil, 5, "x"
print(pcall(function() local a = 2 a() end))
print(pcall(function() local a = {} a.b() end))
print(pcall(function() local a = {} a:m() end))
print(pcall(function() local a a:m() end))
print(pcall(function() local a = {} return #a.x end))
