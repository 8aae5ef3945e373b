local up, tab, num = nil, {}, 3
print(pcall(function() return #up end))
print(pcall(function() return -tab end))
print(pcall(function() return ~up end))
print(pcall(function() return tab < num end))
print(pcall(function() return num() end))
print(pcall(function() up[1] = 2 end))
