print(("hello"):sub(2, 3), ("hello"):sub(-3), ("hello"):sub(0), ("hello"):sub(10), ("hello"):sub(-100, 2), ("hello"):sub(3, 2), ("hello"):sub(2, -2), ("hello"):sub(math.mininteger, math.maxinteger), ("hello"):sub("2", 3.0))
print(("hello"):byte(), ("hello"):byte(-1), ("hello"):byte(10), ("hello"):byte(1, -1))
print(select("#", ("hello"):byte(3, 2)), pcall(string.sub, "x", 1.5), pcall(string.sub, "x"))
print(("x"):byte(0), ("\0\255"):byte(1, 2))
