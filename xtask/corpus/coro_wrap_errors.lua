-- Errors through wrap, resume and nesting: positions, objects, tracebacks, states, closing.
local function strip(m) return (tostring(m):gsub("[^%s:]+:%d+: ", "POS ")) end
local function try(f, ...) local r = table.pack(pcall(f, ...)); for i = 1, r.n do r[i] = strip(r[i]) end return table.concat(r, " ", 1, r.n) end
print(try(coroutine.wrap(function() error "with position" end))); print(try(coroutine.wrap(function() error("no position", 0) end))); print(try(coroutine.wrap(function() error() end)))
--> false POS with position
--> false no position
--> false nil
print(try(coroutine.wrap(function() local x = nil; x() end))); print(try(coroutine.wrap(error), "direct")); print(try(coroutine.wrap(function() error(setmetatable({}, {__tostring = function() return "object" end})) end)))
--> false POS attempt to call a nil value (local 'x')
--> false direct
--> false object
-- wrap adds the position of the caller to string errors, at each level of nesting.
local chunk = load([[
local inner = coroutine.wrap(function()
  error("deep")
end)
local middle = coroutine.wrap(function()
  inner()
end)
middle()
]], "=c")
print(select(2, pcall(chunk))) --> c:7: c:5: c:2: deep
chunk = load("local w = coroutine.wrap(function() error({}) end)\nw()", "=c"); print(type(select(2, pcall(chunk)))) --> table
-- resume leaves messages alone; a dead coroutine stays inspectable.
local co = coroutine.create(load("local function f() local v = 'kept'; error('stop') end\nf()", "=co"))
print(coroutine.resume(co)); print(coroutine.status(co), coroutine.resume(co))
--> false	co:1: stop
--> dead	false	cannot resume dead coroutine
local tb = debug.traceback(co)
print(tb:find("co:1:", 1, true) ~= nil, tb:find("co:2:", 1, true) ~= nil, debug.traceback(co, "m"):match "^m\n" ~= nil, debug.getinfo(co, 1, "l").currentline)
--> true	true	true	1
print(coroutine.close(co)); print(coroutine.status(co), debug.traceback(co))
--> false	co:1: stop
--> dead	stack traceback:
-- An error in a generator used by for; in a callback; in a metamethod called by the coroutine.
local function gen(n) return coroutine.wrap(function() for i = 1, n do if i == 3 then error("third", 0) end coroutine.yield(i) end end) end
local seen = {}
print(try(function() for v in gen(5) do seen[#seen + 1] = v end end)); print(#seen)
--> false POS third
--> 2
print(try(function() local g = gen(5); for i = 1, 3 do pcall(g) end return g() end)); print(try(function() return ("x"):gsub("x", coroutine.wrap(function() error("in gsub", 0) end)) end)); print(try(function() return setmetatable({}, {__index = coroutine.wrap(function() error("in index", 0) end)}).x end))
--> false POS cannot resume dead coroutine
--> false in gsub
--> false POS in index
-- The error is thrown while the coroutine is normal, suspended in pcall, in a loop of resumes.
local outer = coroutine.create(function() local inner = coroutine.create(function() error("inner", 0) end); local ok, m = coroutine.resume(inner); coroutine.yield(ok, m, coroutine.status(inner)); error("outer", 0) end)
print(coroutine.resume(outer)); print(coroutine.resume(outer)); print(coroutine.resume(outer))
--> true	false	inner	dead
--> false	outer
--> false	cannot resume dead coroutine
co = coroutine.create(function() local total = 0; while true do local ok, v = pcall(coroutine.yield, total); if v == "fail" then error("asked to fail", 0) end total = total + v end end)
coroutine.resume(co); print(coroutine.resume(co, 5)); print(coroutine.resume(co, 6)); print(coroutine.resume(co, "fail")); print(coroutine.status(co))
--> true	5
--> true	11
--> false	asked to fail
--> dead
-- Arithmetic on a yielded wrong value: the error belongs to the coroutine.
co = coroutine.wrap(function() local x = coroutine.yield(); return x + 1 end); co(); print(try(co, {}))
--> false POS attempt to perform arithmetic on a table value (local 'x')
co = coroutine.wrap(function() local ok, m = pcall(function() local x = coroutine.yield(); return x.y.z end); return ok, strip(m) end); co(); print(co {})
--> false	POS attempt to index a nil value (field 'y')
-- Invalid operations name what was wrong, and leave the coroutines usable.
local idle = coroutine.create(function(...) return select("#", ...) end)
print(try(coroutine.resume, "x"), try(coroutine.status), try(coroutine.isyieldable, 5), try(coroutine.close, {}), try(coroutine.running, 1):sub(1, 4)); print(coroutine.resume(idle, 1, nil))
--> false bad argument #1 to 'coroutine.resume' (thread expected, got string)	false bad argument #1 to 'coroutine.status' (thread expected, got no value)	false bad argument #1 to 'coroutine.isyieldable' (thread expected, got number)	false bad argument #1 to 'coroutine.close' (thread expected, got table)	true
--> true	2
print(try(coroutine.yield, "from main"), try(function() coroutine.yield() end)); local self; self = coroutine.wrap(function() return try(self) end); print(self())
--> false attempt to yield from outside a coroutine	false attempt to yield from outside a coroutine
--> false cannot resume non-suspended coroutine
-- Many that fail, many that live.
local alive, dead = 0, 0
for i = 1, 60 do local c = coroutine.create(function(k) if k % 4 == 0 then error(k) end coroutine.yield(k); return k end); local ok = coroutine.resume(c, i); if coroutine.status(c) == "dead" then dead = dead + 1 else alive = alive + 1; assert(ok) end end
print(alive, dead) --> 45	15
