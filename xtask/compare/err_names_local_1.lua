local t, n, s = nil, 5, "x"
print(pcall(function() local a return a.b end))
print(pcall(function() local a = 1 return a.b.c end))
print(pcall(function() local a = {} return a.b.c end))
print(pcall(function() local a = {} return a.b.c.d end))
print(pcall(function() local a a.x = 1 end))
