local nan = 0/0
print(tostring(nan):gsub("-", ""), tostring(1/0), tostring(-1/0))
print(nan == nan, nan ~= nan, nan < nan, nan > 1, not (nan <= 1))
print(math.max(1, 2.5), math.min(3, -0.0), math.huge // 1, -math.huge // 1)
print(math.huge % 2 ~= math.huge % 2, 5 % math.huge, -5 % math.huge, 5 % -math.huge, -5 % -math.huge)
print(pcall(function() local t = {} t[nan] = 1 end))
print(({})[nan])
print(rawequal(nan, nan), math.type(nan), math.tointeger(nan), math.tointeger(1/0))
