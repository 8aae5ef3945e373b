for e = -6, 18, 3 do local x = tonumber("1.5e" .. e) print(x, string.format("%.14g", x), x == tonumber(tostring(x))) end
print(2^49, 2^50, 2^52, 2^53 - 1, 1e14, 1e15 - 0.5, 123456.789e3)
