print(tostring(setmetatable({}, {__tostring = function() return "T!" end})), string.format("%s|%10s", setmetatable({}, {__tostring = function() return "T!" end}), setmetatable({}, {__tostring = function() return "U" end})))
print(pcall(print, setmetatable({}, {__tostring = function() return nil end})))
print((tostring(setmetatable({}, {__name = "Foo"})):gsub("0x%x+", "P")))
print(pcall(string.upper, setmetatable({}, {__name = "Foo"})))
