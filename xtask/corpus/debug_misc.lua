-- The rest of the debug library: registry, user values, metatables, traceback shapes, upvalues of native functions.
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
local reg = debug.getregistry()
print(type(reg), type(reg[1]), reg[2] == _G, type(reg._LOADED), reg._LOADED == package.loaded, reg._PRELOAD == package.preload, reg["FILE*"] == getmetatable(io.stdout))
--> table	thread	true	table	true	true	true
print(debug.getuservalue(io.stdout, 1), debug.getuservalue({}, 1), debug.getuservalue(5), debug.getuservalue(io.stdout, 2))
--> nil	nil	nil	nil
print(debug.setuservalue(io.stdout, 1, 5) == nil, err(debug.setuservalue, {}, 1), err(debug.setuservalue, io.stdout))
--> true	bad argument #1 to 'debug.setuservalue' (userdata expected, got table)	bad argument #2 to 'debug.setuservalue' (value expected)
print(debug.getmetatable(5), debug.setmetatable(5, {__index = {x = "number field"}}), (7).x, debug.setmetatable(5, nil), err(function() return (7).x end))
--> nil	5	number field	5	attempt to index a number value
print(debug.getmetatable("x").__index == string, debug.getmetatable(nil), debug.getmetatable({}), err(debug.getmetatable), err(debug.setmetatable, 1))
--> true	nil	nil	bad argument #1 to 'debug.getmetatable' (value expected)	bad argument #2 to 'debug.setmetatable' (nil or table expected, got no value)
-- upvalues: names, order, values; native iterators show theirs without names.
local a, b, c = 1, 2, 3
local function f() b = a; return c end
print(debug.getupvalue(f, 1)); print(debug.getupvalue(f, 2)); print(debug.getupvalue(f, 3)); print(debug.getupvalue(f, 4), debug.getupvalue(f, 0), debug.getupvalue(f, -1))
--> b	2
--> a	1
--> c	3
--> nil	nil
print(debug.setupvalue(f, 2, "set"), a, debug.setupvalue(f, 1, "first"), b, debug.setupvalue(f, 9, 0)) --> a	set	b	first
print(select("#", debug.getupvalue(select, 1))) --> 0
print(type(debug.upvalueid(f, 1)), debug.upvalueid(f, 1) == debug.upvalueid(f, 1), debug.upvalueid(f, 4), debug.upvalueid(select, 1))
--> userdata	true	nil	nil
-- traceback: the shape of each line, cut in the middle of a deep stack.
local chunk = load([[
local function local_function() return debug.traceback("message") end
function global_function() local s = local_function() return s end
local t = {}
function t.field() local s = global_function() return s end
function t:method() local s = self.field() return s end
local function tailcalled() return t:method() end
local s = tailcalled()
global_function = nil
return s
]], "@tb.lua")
local text = chunk()
for line in text:gmatch "[^\n]+" do
  if line:find "tb.lua" or not line:find ":" then print((line:gsub("^\t", "  "))) end
  --> message
  -->   tb.lua:1: in upvalue 'local_function'
  -->   tb.lua:2: in function 'global_function'
  -->   tb.lua:4: in field 'field'
  -->   tb.lua:5: in function <tb.lua:5>
  -->   (...tail calls...)
  -->   tb.lua:7: in local 'chunk'
end
print(select(2, debug.traceback("x", 1):gsub("\n", "")) >= 1, debug.traceback("only", 50), debug.traceback({}) ~= nil, debug.traceback(print) == print)
--> true	only
--> stack traceback:	true	true
local co = coroutine.create(function() local function inner() coroutine.yield() end inner() end)
coroutine.resume(co)
local lines = {}
for line in debug.traceback(co, "co"):gmatch "[^\n]+" do lines[#lines + 1] = (line:gsub("[^%s]+:%d+:", "FILE:LINE:"):gsub("<[^>]+>", "<...>")) end
print(table.concat(lines, "|"):gsub("\t", " "))
--> co|stack traceback:| [C]: in function 'coroutine.yield'| FILE:LINE: in local 'inner'| FILE:LINE: in function <...>	3
print(#debug.traceback(co, nil, 1) < #debug.traceback(co), debug.traceback(co, "m", 10))
--> true	m
--> stack traceback:
-- sethook and gethook with nothing; setcstacklimit answers.
print(debug.gethook(), select("#", debug.gethook()), math.type(debug.setcstacklimit and debug.setcstacklimit(200) or 0))
--> nil	1	integer
-- Names of native functions in tracebacks come from loaded modules.
local ok, tb = xpcall(string.rep, debug.traceback)
print(tb:match("in function 'string.rep'")) --> in function 'string.rep'
ok, tb = xpcall(function() table.sort({1, 2, 3}, function() error "in comparison" end) end, debug.traceback)
print(tb:match("in function 'table.sort'"), tb:match("in function 'error'"), tb:find("in function <", 1, true) ~= nil)
--> in function 'table.sort'	in function 'error'	true
