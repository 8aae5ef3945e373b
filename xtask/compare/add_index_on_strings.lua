print(("abc").len == string.len, ("x").nothing, #("abc").upper("abc"), ("%d"):format(3)) string.double = function(s) return s .. s end
print(("ab"):double()) string.double = nil
print(pcall(function() return ("x"):double() end))
print(pcall(function() ("x").y = 1 end))
