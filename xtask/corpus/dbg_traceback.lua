-- debug.traceback: kinds of functions, tail calls, long stacks, coroutines.
coroutine.wrap(function()
local function clean(s) return (s:gsub("[^\n\t<]*dbg_traceback%.lua", "file")) end
local function show(...) print(clean(debug.traceback(...))) end
local function localfn() show("local") end
localfn()
function globalfn() show("global", 1) end
globalfn()
local t = {}
function t.field() show("field") end
function t:method() show("method") end
t.field(); t:method()
local function tail() return show("tail") end
local function tailer() return tail() end
tailer();
(function() show("anonymous") end)()
print(pcall(function() show("in pcall") end))
local mt = setmetatable({}, {
  __add = function() show("add") return 1 end, __index = function() show("index") return 1 end,
  __newindex = function() show("newindex") end, __call = function() show("call") end,
  __concat = function() show("concat") return 1 end, __eq = function() show("eq") return true end,
  __lt = function() show("lt") return true end, __len = function() show("len") return 0 end,
  __unm = function() show("unm") return 0 end, __close = function() show("close") end,
})
local _ = mt + 1; _ = mt.x; mt.x = 1; mt(); _ = mt .. "x"; _ = mt == setmetatable({}, getmetatable(mt)); _ = mt < 1; _ = #mt; _ = -mt
do local c <close> = mt end
local function closing() local c <close> = mt; return 1 end
closing()
local function broken() local c <close> = mt; error("x") end
print(clean(tostring(select(2, pcall(broken)))))
for _ in function() show("iterator") end do end
table.sort({1, 2}, function(a, b) show("sort") return a < b end)
local _ = ("x"):gsub("x", function() show("gsub") end)
tostring(setmetatable({}, {__tostring = function() show("tostring") return "x" end}))
local co = coroutine.wrap(function() show("coroutine"); coroutine.yield() end)
co()
local thread = coroutine.create(function() local function inner() coroutine.yield() end inner() end)
show(thread); show(thread, "not started"); coroutine.resume(thread); show(thread, "yielded"); show(thread, "level 1", 1); show(thread, nil, 1)
coroutine.resume(thread); show(thread, "dead")
local failing = coroutine.create(function() local function inner() error("oops") end inner() end)
print(select("#", coroutine.resume(failing))); show(failing, "failed")
local function deep(n) if n == 0 then show("deep") else deep(n - 1) end end
deep(5); deep(18); deep(40)
local function deeptail(n) if n == 0 then show("deep") else return deeptail(n - 1) end end
deeptail(40)
print(debug.traceback({}) ~= nil, debug.traceback(nil) == debug.traceback(), debug.traceback(12, 0):match("^12\n"))
print(clean(debug.traceback("x", 100)), clean(debug.traceback("x", -1)))
print(xpcall(function() local x = nil; x.y = 1 end, function(m) return clean(debug.traceback(clean(m))) end))
print(xpcall(function() error("e") end, function(m) return clean(debug.traceback(clean(m), 2)) end))
print(load("return debug.traceback('chunk')", "=chunk")():match("chunk:1: in [^\n]*"))
globalfn = nil
end)()
--> local
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:5: in local 'localfn'
--> 	file:6: in function <file:2>
--> global
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:7: in function 'globalfn'
--> 	file:8: in function <file:2>
--> field
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:10: in field 'field'
--> 	file:12: in function <file:2>
--> method
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:11: in method 'method'
--> 	file:12: in function <file:2>
--> tail
--> stack traceback:
--> 	file:4: in function <file:4>
--> 	(...tail calls...)
--> 	file:15: in function <file:2>
--> anonymous
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:16: in function <file:16>
--> 	file:16: in function <file:2>
--> in pcall
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:17: in function <file:17>
--> 	[C]: in function 'pcall'
--> 	file:17: in function <file:2>
--> true
--> add
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:19: in metamethod 'add'
--> 	file:25: in function <file:2>
--> index
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:19: in metamethod 'index'
--> 	file:25: in function <file:2>
--> newindex
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:20: in metamethod 'newindex'
--> 	file:25: in function <file:2>
--> call
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:20: in local 'mt'
--> 	file:25: in function <file:2>
--> concat
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:21: in metamethod 'concat'
--> 	file:25: in function <file:2>
--> eq
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:21: in metamethod 'eq'
--> 	file:25: in function <file:2>
--> lt
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:22: in metamethod 'lt'
--> 	file:25: in function <file:2>
--> len
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:22: in metamethod 'len'
--> 	file:25: in function <file:2>
--> unm
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:23: in metamethod 'unm'
--> 	file:25: in function <file:2>
--> close
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:23: in metamethod 'close'
--> 	file:26: in function <file:2>
--> close
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:23: in metamethod 'close'
--> 	file:27: in local 'closing'
--> 	file:28: in function <file:2>
--> close
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:23: in function <file:23>
--> 	[C]: in function 'pcall'
--> 	file:30: in function <file:2>
--> file:29: x
--> iterator
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:31: in for iterator 'for iterator'
--> 	file:31: in function <file:2>
--> sort
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:32: in function <file:32>
--> 	[C]: in function 'table.sort'
--> 	file:32: in function <file:2>
--> gsub
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:33: in function <file:33>
--> 	[C]: in function 'string.gsub'
--> 	file:33: in function <file:2>
--> tostring
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:34: in function <file:34>
--> 	[C]: in function 'tostring'
--> 	file:34: in function <file:2>
--> coroutine
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:35: in function <file:35>
--> stack traceback:
--> not started
--> stack traceback:
--> yielded
--> stack traceback:
--> 	[C]: in function 'coroutine.yield'
--> 	file:37: in local 'inner'
--> 	file:37: in function <file:37>
--> level 1
--> stack traceback:
--> 	file:37: in local 'inner'
--> 	file:37: in function <file:37>
--> stack traceback:
--> 	file:37: in local 'inner'
--> 	file:37: in function <file:37>
--> dead
--> stack traceback:
--> 2
--> failed
--> stack traceback:
--> 	[C]: in function 'error'
--> 	file:40: in local 'inner'
--> 	file:40: in function <file:40>
--> deep
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in local 'deep'
--> 	file:43: in function <file:2>
--> deep
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in local 'deep'
--> 	file:43: in function <file:2>
--> deep
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	...	(skipping 21 levels)
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in upvalue 'deep'
--> 	file:42: in local 'deep'
--> 	file:43: in function <file:2>
--> deep
--> stack traceback:
--> 	file:4: in upvalue 'show'
--> 	file:44: in function <file:44>
--> 	(...tail calls...)
--> 	file:45: in function <file:2>
--> true	true	12
-->
--> x
--> stack traceback:	x
--> stack traceback:
--> false	file:48: attempt to index a nil value (local 'x')
--> stack traceback:
--> 	file:48: in metamethod 'newindex'
--> 	file:48: in function <file:48>
--> 	[C]: in function 'xpcall'
--> 	file:48: in function <file:2>
--> false	file:49: e
--> stack traceback:
--> 	[C]: in function 'error'
--> 	file:49: in function <file:49>
--> 	[C]: in function 'xpcall'
--> 	file:49: in function <file:2>
--> chunk:1: in main chunk
