print(("x"):rep(3), ("%d"):format(5), #("abc"):upper(), ("a,b"):find(",", 1, true)) local n = 5
print(pcall(function() return n:type() end)) debug.setmetatable(0, {__index = math, __call = function(self, x) return self + x end, __len = function(n) return n * 2 end, __concat = function(a, b) return "cat" end})
print((16):sqrt(), n:type(), (5)(6), #n, (1.5):floor())
print(1 .. 2, (1) .. "x") debug.setmetatable(0, nil)
print(pcall(function() return (5)(6) end)) debug.setmetatable(nil, {__index = function(_, k) return k end})
print((nil).foo, undefinedvar.bar) debug.setmetatable(nil, nil)
