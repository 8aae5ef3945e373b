for _, p in ipairs {"[a", "[", "[^", "[^]", "%", "(", ")", "(()", "a)", "%b", "%bx", "%f", "%fa", "[a-%", "%1", "(a)%2", "(%1)", "[]", "[%"} do print(p, pcall(string.find, "aaa", p)) end
