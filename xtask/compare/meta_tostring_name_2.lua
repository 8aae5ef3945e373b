print(pcall(function() return setmetatable({}, {__name = "Foo"}) .. "x" end))
print(pcall(function() return {} < setmetatable({}, {__name = "Foo"}) end))
print(pcall(function() return setmetatable({}, {__name = "Foo"}).x.y end))
print(pcall(error, setmetatable({}, {__tostring = function() return "E" end})) == false)
