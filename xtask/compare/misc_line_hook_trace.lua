local function trace(src) local t = {} local f = load(src, "=h") debug.sethook(function(_, l) if debug.getinfo(2, "S").short_src == "h" then t[#t + 1] = l end end, "l") f() debug.sethook() print(table.concat(t, " ")) end
trace("local a\nlocal b = 1\nfor i = 1, 2 do\n a = i\nend\nreturn a")
trace("local x = 3\nwhile x > 0 do\n x = x - 1\nend")
trace("if nil then\n x = 1\nelseif true then\n x = 2\nelse\n x = 3\nend\nx = nil")
trace("local t = {1, 2}\nlocal s =\n t[1] +\n t[2]")
trace("repeat\n local z = 1\nuntil z == 1")
trace("for k, v in pairs {1, 2} do\n local a = v\nend\n")
trace("local function f()\n return 1\nend\nf()\nf()")
trace("goto a\nx = 1\n::a:: x = nil")
