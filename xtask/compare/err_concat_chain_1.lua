local a, b, c = "a", "b"
print(pcall(function() return a .. b .. {} end))
print(pcall(function() return 1 .. c end))
print(pcall(function() return a .. (b .. c) end))
print(pcall(function() return (a .. c) .. b end))
print(pcall(function() local t = {} return a .. t.x .. b end))
print(pcall(function() return a .. undefinedglobal end))
print(pcall(function() return a .. print end) == false)
