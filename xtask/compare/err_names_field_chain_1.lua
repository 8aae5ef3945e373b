local a = {b = {c = {}}}
print(pcall(function() return a.b.c.d.e end))
print(pcall(function() return a.b.c.d() end))
print(pcall(function() return a.b.c:d() end))
print(pcall(function() a.b.c.d.e = 1 end))
print(pcall(function() return a["b"]["x"]["y"] end))
