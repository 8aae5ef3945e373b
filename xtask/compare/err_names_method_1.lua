local s = "text"
print(pcall(function() return s:nope() end))
print(pcall(function() return ("x"):nope() end))
print(pcall(function() return (1):nope() end))
print(pcall(function() local n = 5 return n:foo() end))
print(pcall(function() return s:rep(1, 2, 3):bad() end))
