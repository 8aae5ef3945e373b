local a = {b = {c = {}}}
print(pcall(function() local i = 3 return a[i]() end))
print(pcall(function() return a.b.x + 1 end))
print(pcall(function() return a.b.x .. "s" end))
print(pcall(function() return 2 ^ a.b.x end))
print(pcall(function() return a.b < a.b.x end))
print(pcall(function() return (a.b).x.y end))
print(pcall(function() return (a.x or a.y).z end))
