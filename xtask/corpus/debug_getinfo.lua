-- debug.getinfo: every option, for Lua and native functions, by level and by function.
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
local source = [[
local function f(a, b, ...)
  local x = a
  return debug.getinfo(1, "nSltufrL"), x
end
local function g() return f end
return f, g
]]
local f, g = load(source, "@some/file.lua")()
local i = f(1, 2)
print(i.source, i.short_src, i.linedefined, i.lastlinedefined, i.what, i.currentline) --> @some/file.lua	some/file.lua	1	4	Lua	3
print(i.nups, i.nparams, i.isvararg, i.istailcall, i.func == f, i.name, i.namewhat, i.ftransfer, i.ntransfer)
--> 1	2	true	false	true	f	local	0	0
local lines = {}
for l in pairs(i.activelines) do lines[#lines + 1] = l end
table.sort(lines)
print(table.concat(lines, " ")) --> 2 3 4
local c = debug.getinfo(select)
print(c.what, c.source, c.short_src, c.currentline, c.linedefined, c.lastlinedefined, c.nparams, c.isvararg, c.activelines, c.func == select, c.name)
--> C	=[C]	[C]	-1	-1	-1	0	true	nil	true	nil
local main = debug.getinfo(1)
print(main.what, main.linedefined, main.lastlinedefined, main.nparams, main.isvararg, main.currentline) --> main	0	0	0	true	23
i = debug.getinfo(g, "S"); print(i.what, i.linedefined, i.lastlinedefined, i.nups, i.func, i.currentline) --> Lua	5	5	nil	nil	nil
i = debug.getinfo(g, "u"); print(i.nups, i.nparams, i.isvararg, i.source) --> 1	0	false	nil
i = debug.getinfo(g, "l"); print(i.currentline); i = debug.getinfo(g, "n"); print(i.name, #i.namewhat); i = debug.getinfo(g, "t"); print(i.istailcall)
--> -1
--> nil	0
--> false
i = debug.getinfo(g, "f"); print(i.func == g, next(i, (next(i)))); i = debug.getinfo(g, ""); print(next(i))
--> true	nil
--> nil
-- Names depend on how a function was called.
local function name() local n = debug.getinfo(2, "n"); return tostring(n.name) .. "/" .. n.namewhat end
local function lname() local r = name() return r end
function gname() local r = name() return r end
local t = {field = lname, method = function(self) local r = name() return r end, [1] = lname}
local up = lname
local results = {}
results[1] = lname(); results[2] = gname(); results[3] = t.field(); results[4] = t:method(); results[5] = t[1]()
results[6] = (function() local r = up() return r end)()
results[7] = select(2, pcall(lname)); results[8] = (lname)()
for _, v in lname do results[9] = v break end
print(table.concat(results, " "))
--> lname/local gname/global field/field method/method integer index/field up/upvalue nil/ lname/local
local meta = setmetatable({}, {__index = function() local r = name() return r end, __add = function() local r = name() return r end, __call = function() local r = name() return r end,
  __concat = function() local r = name() return r end, __len = function() local r = name() return r end, __unm = function() local r = name() return r end, __lt = function() R = name() return true end,
  __eq = function() R2 = name() return true end, __newindex = function() R3 = name() end, __close = function() R4 = name() end})
local _ = meta < meta, meta == setmetatable({}, getmetatable(meta)); meta.x = 1
do local c <close> = meta end
print(meta.x, meta + 1, meta(), meta .. "", #meta, -meta, R, R2, R3, R4)
--> index/metamethod	add/metamethod	meta/local	concat/metamethod	len/metamethod	unm/metamethod	lt/metamethod	eq/metamethod	newindex/metamethod	close/metamethod
R, R2, R3, R4, gname = nil
-- Tail calls.
local function tail() return debug.getinfo(1, "t").istailcall, debug.getinfo(1, "n").name end
local function caller() return tail() end
print(caller()); print(tail())
--> true	nil
--> false	tail
local function level() return debug.getinfo(2, "t").istailcall end
local function not_tail() local x = level(); return x end
local function to_it() return not_tail() end
print(to_it(), (not_tail())) --> true	false
-- Levels beyond the stack, threads, errors.
print(debug.getinfo(1000), debug.getinfo(-1), debug.getinfo(0, "n").name, debug.getinfo(0, "S").what) --> nil	nil	getinfo	C
local co = coroutine.create(function(a) local b = a; coroutine.yield(b) end)
print(debug.getinfo(co, 0), debug.getinfo(co, 1)); coroutine.resume(co, 5) --> nil	nil
print(debug.getinfo(co, 0, "S").what, debug.getinfo(co, 1, "l").currentline > 0, debug.getinfo(co, 2), debug.getinfo(co, 1, "f").func ~= nil); coroutine.resume(co); print(debug.getinfo(co, 0))
--> C	true	nil	true
--> nil
print(err(debug.getinfo, 1, "X")); print(err(debug.getinfo, 1, ">S")); print(err(debug.getinfo)); print(err(debug.getinfo, "x")); print(err(debug.getinfo, 1, 5)); print(err(debug.getinfo, {}, "S"))
--> bad argument #2 to 'debug.getinfo' (invalid option)
--> bad argument #2 to 'debug.getinfo' (invalid option '>')
--> bad argument #1 to 'debug.getinfo' (number expected, got no value)
--> bad argument #1 to 'debug.getinfo' (number expected, got string)
--> bad argument #2 to 'debug.getinfo' (invalid option)
--> bad argument #1 to 'debug.getinfo' (number expected, got table)
