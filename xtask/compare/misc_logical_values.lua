print(nil and nil, nil and false, false and nil, false or nil, nil or false, 0 and 1, "" or 1, nil == false, not nil, not 0, not "", 1 and nil or 2, false and 1 or 3, nil or nil or 4, 1 and 2 and 3, 1 and false and 3) local function f(v) return v and "t" or "f" end
print(f(0), f(""), f({}), f(nil), f(false), f(0/0)) local a, b = nil, 1
print(a or b, a and b, b or a, b and a, not a and b, (a or b) == 1, a == nil and "nil!") local x = (a or {}).y
print(x)
print((a and a.b) == nil, b == 1 and b > 0, not (a == b), a ~= b)
