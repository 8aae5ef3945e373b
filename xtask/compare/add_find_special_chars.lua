for _, c in ipairs {"^", "$", "(", ")", "%", ".", "[", "]", "*", "+", "-", "?"} do print(c, ("a" .. c .. "b"):find("%" .. c), ("a" .. c .. "b"):find(c, 1, true)) end
