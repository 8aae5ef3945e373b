local s = "abcdef"
for i = -7, 7 do io.write(s:sub(i), ",", s:sub(i, i), ",", s:sub(1, i), " ") end print()
