local t = {}
t[1.0] = "a" t[2] = "b" t[2^53] = "c" t[-0.0] = "zero"
print(t[1], t[2.0], t[2^53|0], t[0], #t)
for k, v in pairs {[3.0] = 1} do print(math.type(k), k, v) end
t["1"] = "string one"
print(t[1], t["1"], next({[7.0] = true}))
print(math.type(next({[1e300] = 1})), next({[-0.0] = 5}))
t[1.5] = "x" print(t[1.5], t[3/2], rawget(t, 1.5), rawlen(t))
