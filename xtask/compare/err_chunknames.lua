for _, n in ipairs {"=name", "@file.lua", "code here", "first\nsecond", "=", "@", "", ("x"):rep(100), "=" .. ("y"):rep(100), "@" .. ("z"):rep(100), "line one is very long " .. ("w"):rep(60) .. "\nx", "\n", "a\n"} do
    print(select(2, load("x =", n))) print(select(2, pcall(assert(load("error('e')", n)))))
end
print(select(2, load("x =")))
print(select(2, load("error('x')\ny =")))
print(pcall(load, "x", 5))
print(load("x =", nil))
print(select(2, pcall(load("error('q')"))))
