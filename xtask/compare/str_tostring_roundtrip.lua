for _, v in ipairs {1, -1, 1.5, 1e15, 1e16, 1e100, -0.0, 2^53, 123456789.125, 0.1} do local s = tostring(v) print(s, tonumber(s) == v, math.type(tonumber(s)) == math.type(v)) end
