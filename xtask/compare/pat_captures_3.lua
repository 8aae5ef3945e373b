print(("abc"):gsub("", "-"))
print(pcall(string.match, "abc", "()%1"))
print(("a"):rep(40):match(("(a)"):rep(32)) ~= nil, pcall(string.match, ("a"):rep(40), ("(a)"):rep(33)))
