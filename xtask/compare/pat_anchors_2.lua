print(("aaa"):gsub("^a", "b"))
print((""):find("^$"))
print(("x"):find(""))
print(("abc"):find("", 4), ("abc"):find("", 5))
