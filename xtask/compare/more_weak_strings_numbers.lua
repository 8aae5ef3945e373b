local t = setmetatable({}, {__mode = "kv"})
t.a = 1 t[1] = "s" t[2] = true t["k" .. 1] = ("v"):rep(100) t[3] = {} t[{}] = 4
collectgarbage() collectgarbage()
local n = 0 for _ in pairs(t) do n = n + 1 end
print(n, t.a, t[1], t[2], #t.k1, t[3])
