print(pcall(load("return 'a' + 1", "=c")))
print(pcall(load("return -{}", "=c")))
print(load("local x <const> = 5 return x + 1, -x, x .. ''")())
print(load("local s <const> = 'str' return s .. s, #s")())
