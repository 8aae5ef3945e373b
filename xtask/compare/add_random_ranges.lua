math.randomseed(1)
for _ = 1, 5 do local a, b = math.random(3), math.random(-2, 2) assert(a >= 1 and a <= 3 and b >= -2 and b <= 2) end
print(pcall(math.random, 3, 1))
print(pcall(math.random, 0.5))
print(select("#", math.randomseed(5)) >= 0)
