for _, s in ipairs {"1", "1.0", "1.5", "abc", "", "0x10", "1e2"} do print(s, math.tointeger(tonumber(s)), pcall(function() return s // 1 end)) end
