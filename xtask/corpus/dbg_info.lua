-- getinfo, getlocal, setlocal, upvalues.
local function sorted(t) local k = {} for key in pairs(t) do k[#k + 1] = key end table.sort(k) return k end
local function show(t) local out = {} for _, k in ipairs(sorted(t)) do local v = t[k] out[#out + 1] = k .. "=" .. (type(v) == "function" and "f" or type(v) == "table" and table.concat(sorted(v), ",") or tostring(v):gsub("[^@%s]*/", "")) end print(table.concat(out, " ")) end
local function f(a, b, ...)
  local c = a
  show(debug.getinfo(1, "nSlutr"))
  show(debug.getinfo(1, "fL"))
  for i = 1, 20 do local n, v = debug.getlocal(1, i) if not n then break end io.write(n, "=", type(v) == "function" and "f" or tostring(v), " ") end
  for i = -1, -5, -1 do local n, v = debug.getlocal(1, i) if not n then break end io.write(n, "=", tostring(v), " ") end
  print()
  print(debug.setlocal(1, 1, "A"), debug.setlocal(1, -2, "V"), debug.setlocal(1, 99, 1), a, ...)
end
f(1, 2, 3, 4, 5)
show(debug.getinfo(print)); show(debug.getinfo(f, "SlnutrL"))
show(debug.getinfo(load("return 1", "=(chunk)"), "S")); show(debug.getinfo(load("\n\nreturn 1", "@file"), "SL"))
show(debug.getinfo(1, "Sl")); print(debug.getinfo(50), debug.getinfo(-1))
print(pcall(debug.getinfo, 1, "x")); print(pcall(debug.getinfo, 1, ">S")); print(pcall(debug.getinfo, "x")); print(pcall(debug.getinfo, {}))
print(debug.getlocal(f, 1), debug.getlocal(f, 2), debug.getlocal(f, 3), debug.getlocal(print, 1), pcall(debug.getlocal, 99, 1))
print(pcall(debug.setlocal, 99, 1, 1)); print(pcall(debug.setlocal, 1, 1)); print(pcall(debug.getlocal, 1))
do local x <const>, y <close> = 10, nil; local z = 1; for i = 1, 10 do local n = debug.getlocal(1, i) io.write(tostring(n), " ") end print() end
for i = 1, 1 do for k = 1, 20 do local n = debug.getlocal(1, k) if not n then break end io.write(n, " ") end end print()
for _, _ in pairs({1}) do for k = 1, 20 do local n = debug.getlocal(1, k) if not n then break end io.write(n, " ") end end print()
local a, b = 1, 2
local function g() return a, b end
local function h() return b end
print(debug.getupvalue(g, 1)) print(debug.getupvalue(g, 2)) print(debug.getupvalue(g, 3)) print(debug.getupvalue(print, 1))
print(debug.setupvalue(g, 1, "one"), a, debug.setupvalue(g, 5, 1))
print(debug.upvalueid(g, 2) == debug.upvalueid(h, 1), debug.upvalueid(g, 1) == debug.upvalueid(h, 1), debug.upvalueid(g, 9), type(debug.upvalueid(g, 1)))
debug.upvaluejoin(h, 1, g, 1) print(h())
print(pcall(debug.upvaluejoin, h, 3, g, 1)); print(pcall(debug.upvaluejoin, print, 1, g, 1)); print(pcall(debug.getupvalue, 1, 1)); print(pcall(debug.upvalueid, {}, 1))
local m = string.gmatch("x", "x") print(debug.getupvalue(m, 1) == "", debug.upvalueid(m, 1) ~= nil, debug.upvalueid(m, 50))
print(pcall(debug.upvaluejoin, m, 1, g, 1))
print(debug.getuservalue(1), debug.getuservalue(io.stdout), debug.setuservalue(io.stdout, 1)); print(pcall(debug.setuservalue, {}, 1)); print(pcall(debug.setuservalue, io.stdout))
print(debug.getmetatable("").__index == string, debug.getmetatable(1), pcall(debug.getmetatable))
print(debug.setmetatable(10, {__index = function(_, k) return k end}), (5).name, debug.setmetatable(10, nil), (pcall(function() return (5).name end)))
print(debug.setmetatable(nil, {__add = function() return "nil+" end}), nil + 1, debug.setmetatable(nil, nil)); print(pcall(debug.setmetatable, 1, 2)); print(pcall(debug.setmetatable, 1))
print(type(debug.getregistry()), debug.getregistry()._LOADED == package.loaded, debug.setcstacklimit(100))
local co = coroutine.create(function(x) local y = x + 1 coroutine.yield(y) return y end)
print(debug.getinfo(co, 0), coroutine.resume(co, 5)) show(debug.getinfo(co, 0, "nS")); show(debug.getinfo(co, 1, "nSl"))
print(debug.getlocal(co, 1, 1)) print(debug.getlocal(co, 1, 2)) print(debug.setlocal(co, 1, 2, "changed"), coroutine.resume(co))
print(debug.getlocal(coroutine.create(f), f, 2), pcall(debug.getlocal, co, 0, 1))
local stripped = load(string.dump(function(p) local q = 1 return p, debug.getlocal(1, 1) end, true))
print(stripped("value")); show(debug.getinfo(stripped, "SL")); print(pcall(load(string.dump(function() error("e") end, true)))) print(pcall(load(string.dump(function() local x = nil + 1 end, true))))
local names = {} for k in pairs(debug) do names[#names + 1] = k end table.sort(names) print(table.concat(names, " "))
--> currentline=6 ftransfer=0 istailcall=false isvararg=true lastlinedefined=12 linedefined=4 name=f namewhat=local nparams=2 ntransfer=0 nups=2 short_src=dbg_info.lua source=@dbg_info.lua what=Lua
--> activelines=5,6,7,8,9,10,11,12 func=f
--> a=1 b=2 c=1 (for state)=4 (for state)=15 (for state)=1 i=7 (vararg)=3 (vararg)=4 (vararg)=5 
--> a	(vararg)	nil	A	3	V	5
--> currentline=-1 ftransfer=0 func=f istailcall=false isvararg=true lastlinedefined=-1 linedefined=-1 namewhat= nparams=0 ntransfer=0 nups=0 short_src=[C] source==[C] what=C
--> activelines=5,6,7,8,9,10,11,12 currentline=-1 ftransfer=0 istailcall=false isvararg=true lastlinedefined=12 linedefined=4 namewhat= nparams=2 ntransfer=0 nups=2 short_src=dbg_info.lua source=@dbg_info.lua what=Lua
--> lastlinedefined=0 linedefined=0 short_src=(chunk) source==(chunk) what=main
--> activelines=3 lastlinedefined=0 linedefined=0 short_src=file source=@file what=main
--> currentline=16 lastlinedefined=0 linedefined=0 short_src=dbg_info.lua source=@dbg_info.lua what=main
--> nil	nil
--> false	bad argument #2 to 'debug.getinfo' (invalid option)
--> false	bad argument #2 to 'debug.getinfo' (invalid option '>')
--> false	bad argument #1 to 'debug.getinfo' (number expected, got string)
--> false	bad argument #1 to 'debug.getinfo' (number expected, got table)
--> a	b	nil	nil	false	bad argument #1 to 'debug.getlocal' (level out of range)
--> false	bad argument #1 to 'debug.setlocal' (level out of range)
--> false	bad argument #3 to 'debug.setlocal' (value expected)
--> false	bad argument #2 to 'debug.getlocal' (number expected, got no value)
--> sorted show f x y z (for state) (for state) (for state) i 
--> sorted show f (for state) (for state) (for state) i (for state) (for state) (for state) k 
--> sorted show f (for state) (for state) (for state) (for state) _ _ (for state) (for state) (for state) k 
--> a	1
--> b	2
-->
-->
--> a	one
--> true	false	nil	userdata
--> one
--> false	bad argument #2 to 'debug.upvaluejoin' (invalid upvalue index)
--> false	bad argument #2 to 'debug.upvaluejoin' (invalid upvalue index)
--> false	bad argument #1 to 'debug.getupvalue' (function expected, got number)
--> false	bad argument #1 to 'debug.upvalueid' (function expected, got table)
--> true	true	nil
--> false	bad argument #1 to 'debug.upvaluejoin' (Lua function expected)
--> nil	nil	nil
--> false	bad argument #1 to 'debug.setuservalue' (userdata expected, got table)
--> false	bad argument #2 to 'debug.setuservalue' (value expected)
--> true	nil	false	bad argument #1 to 'debug.getmetatable' (value expected)
--> 10	name	10	false
--> nil	nil+	nil
--> false	bad argument #2 to 'debug.setmetatable' (nil or table expected, got number)
--> false	bad argument #2 to 'debug.setmetatable' (nil or table expected, got no value)
--> table	true	200
--> nil	true	6
--> lastlinedefined=-1 linedefined=-1 name=yield namewhat=field short_src=[C] source==[C] what=C
--> currentline=38 lastlinedefined=38 linedefined=38 namewhat= short_src=dbg_info.lua source=@dbg_info.lua what=Lua
--> x	5
--> y	6
--> y	true	changed
--> b	false	bad argument #2 to 'debug.getlocal' (level out of range)
--> value	(temporary)	value
--> activelines= lastlinedefined=42 linedefined=42 short_src=? source==? what=Lua
--> false	e
--> false	?:-1: attempt to perform arithmetic on a nil value
--> debug gethook getinfo getlocal getmetatable getregistry getupvalue getuservalue setcstacklimit sethook setlocal setmetatable setupvalue setuservalue traceback upvalueid upvaluejoin
