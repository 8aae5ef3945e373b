local s = "text"
print(pcall(function() return s.x.y end))
print(pcall(function() return s.len.y.z end))
print(pcall(function() s.x = 1 end))
print(pcall(function() s:upper().x = 1 end))
print(pcall(function() return s:rep() end))
