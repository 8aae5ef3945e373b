local s = "text"
print(pcall(function() return s:rep("x") end))
print(pcall(function() return ("x"):rep({}) end))
print(pcall(function() return s:format() end))
print(pcall(function() return s:sub() end))
print(pcall(function() return s:sub({}) end))
