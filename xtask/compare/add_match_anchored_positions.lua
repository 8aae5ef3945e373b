print(("hello world"):match("^hello", 1), ("hello world"):match("^world", 7), ("hello"):match("^", 3), ("hello"):match("()$"), ("hello"):match("l+()", 2))
print(("key=val"):match("^(%w+)=(%w*)$"))
print(("=val"):match("^(%w*)=(%w*)$"))
