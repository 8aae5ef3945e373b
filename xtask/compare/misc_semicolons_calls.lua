local f = function(...) return ... end
print(f"str", f[[long]], f{1}[1], f(f)(3), (f)(4))
local t = {f = f}
print(t.f"x", t:f"y" == t, #t.f{1, 2})
print(("a"):upper(), ("b") .. "c", #"x" + 1)
