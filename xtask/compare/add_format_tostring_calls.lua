local n = 0 local t = setmetatable({}, {__tostring = function() n = n + 1 return "call" .. n end})
print(string.format("%s %s %5s|%-7s|%.2s", t, t, t, t, t), n)
