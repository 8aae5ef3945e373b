print(pcall(load("return 'abc' + 1", "=c")))
print(pcall(load("return '10' + '5'", "=c")))
print(pcall(load("local a = '3' return a * '4', a / 2, -a, a // 2, a % 2", "=c")))
