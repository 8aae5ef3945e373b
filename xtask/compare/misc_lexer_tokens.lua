print(3 ..4, 1. ..2, a==b, a~=b, not a==b, - -1, - - -2, not not 1, 2^-2, -2^-2)
print(1--[[c]]+--x
2, [[a]]..[=[b]=], "a"..'b', 0xep1, 0x.1, 3==3.0, 1<2, 1 <=2, 5//2, 5>>1, 1<<2, 7&3, 7|8, 7~2, ~7) local goto1, _end, and1, nil_ = 1, 2, 3, 4 print(goto1, _end, and1, nil_) print(load("x = 5 y = 6 return x, y", "=l", "t", {})()) print(load("return 0x", "=l")) print(load("return 1..2", "=l")) print(load("return 1...2", "=l")) print(load("local a = 08 return a")())
