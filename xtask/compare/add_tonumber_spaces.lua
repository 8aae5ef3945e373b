for _, s in ipairs {" 1", "1 ", "\n1\t", "1\0", "\v1\f", "1 1", "- 1", "+ 1", " -1 ", "0x 1", " 0x1 "} do print(#s, tonumber(s)) end
