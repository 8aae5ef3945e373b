print(("abc"):gsub("%w", "x", 2))
print(("abc"):gsub("%w", "x", 0))
print(("abc"):gsub("%w", "x", -1))
print(("abc"):gsub("(a)(b)", {a = "hit"}))
