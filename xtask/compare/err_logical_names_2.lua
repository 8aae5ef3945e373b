local nada
print(pcall(function() local x = 1 return (x and "a") >> 1 end))
print(pcall(function() local x return (x or {}) + 1 end))
print(pcall(function() local x return -(x or {}) end))
print(pcall(function() local x return #(x or 5) end))
print(pcall(function() local x return (x or {}) .. "z" end))
print(pcall(function() return (not nada)() end))
print(pcall(function() return (nada == 1).x.y end))
