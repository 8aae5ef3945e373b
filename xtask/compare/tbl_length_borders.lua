print(#{1, 2, 3, nil}, #{1, 2, nil, 4} >= 2, #{n = 1}, #{[1] = 1, [2] = 2}, #{nil}, #{nil, nil, 3} >= 0) local t = {} for i = 1, 10 do t[i] = i end for i = 10, 6, -1 do t[i] = nil end
print(#t) t[6] = 6
print(#t)
print(#setmetatable({}, {__len = function() return "len" end}), pcall(function() return #5 end))
print(rawlen(setmetatable({1}, {__len = function() return 10 end})), rawlen("abc"), pcall(rawlen))
print(#"", #"abc", pcall(function() return #nil end))
