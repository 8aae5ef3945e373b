print(("hello"):find("^h"), ("hello"):find("^e"), ("hello"):find("o$"), ("a$b"):find("$b"), ("a^b"):find("a^"), ("^"):find("^^"))
print(("abc"):match("^(a)(b)(c)$"))
print(("abc"):gsub("^", "x"))
print(("abc"):gsub("$", "x"))
