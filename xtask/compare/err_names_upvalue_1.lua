local up, tab, num = nil, {}, 3
print(pcall(function() return up.x end))
print(pcall(function() up.x = 1 end))
print(pcall(function() return up() end))
print(pcall(function() return tab.x.y end))
print(pcall(function() return tab.x() end))
