print(("a.b.c"):find(".", 1, true), ("a.b.c"):find(".", 3, true), ("abc"):find("b", -1), ("abc"):find("b", -2), ("abc"):find("b", 10), ("abc"):find("", 10), ("abc"):find("c", 3), ("abc"):find("", -10))
print(("a\0b"):find("\0"), ("a\0b"):find("%z"), ("a\0b"):match("[%z]"), ("a\0bc"):find("bc", 1, true))
print(("aaa"):find("a", math.mininteger), ("aaa"):find("a", math.maxinteger))
print(pcall(string.find, "a", "a", 1.5), pcall(string.find, "a", "a", "x"))
