local t, n, s = nil, 5, "x"
print(pcall(function() local a = {} return -a.x end))
print(pcall(function() local a, b = {}, 1 return a + b end))
print(pcall(function() local a, b = 1, {} return a + b end))
print(pcall(function() local a, b = "x", {} return a .. b end))
print(pcall(function() local a, b = nil, "x" return a .. b end))
