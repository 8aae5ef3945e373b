print("10" == 10, "abc" < "abd", "Z" < "a", "" == "", "a" .. 1 == "a1", tostring(1) == "1", 1 == 1.0, "1" < "10", "9" > "10")
print(pcall(function() return "1" < 2 end))
print(pcall(function() return 2 < "1" end))
print(pcall(function() return {} > 1 end))
