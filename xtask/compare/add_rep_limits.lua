print(("x"):rep(0) == "", ("x"):rep(-5) == "", ("ab"):rep(2, "--"), (""):rep(100, ",") == (","):rep(99))
print(pcall(string.rep, "x", math.maxinteger))
print(pcall(string.rep, "xx", math.maxinteger // 2 + 1))
print(pcall(string.rep, "", math.maxinteger, "y"))
