-- Coroutines with library functions: sort, gsub, require-like loaders, dofile, string functions as bodies, limits.
local yield, wrap = coroutine.yield, coroutine.wrap
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
-- Resuming other coroutines inside of callbacks is fine; yielding across them is not.
local co = wrap(function()
  local gen = wrap(function() for i = 1, 3 do yield(i) end end)
  local s = ("a-a-a"):gsub("a", function() return tostring(gen()) end)
  local t = {3, 1, 2}
  table.sort(t, function(a, b) local cmp = wrap(function() yield(a < b) end); return cmp() end)
  yield(s, table.concat(t, ","))
  return err(string.gsub, "x", "x", function() yield "no" end), err(table.sort, {1, 2}, function() yield() end)
end)
print(co()); print(co())
--> 1-2-3	1,2,3
--> attempt to yield across a C-call boundary	attempt to yield across a C-call boundary
-- dofile and loaded chunks may yield; so may a function called by pcall inside of them.
local name = os.tmpname()
local f = assert(io.open(name, "w"))
f:write("local a = ...\nlocal x = coroutine.yield('from file')\nreturn x, 'file result'")
f:close()
co = wrap(function() return dofile(name) end)
print(co()); print(co("sent in"))
--> from file
--> sent in	file result
co = wrap(function() return select(2, pcall(loadfile(name), 1)) end)
print(co()); print(co("again"))
--> from file
--> again	file result
os.remove(name)
co = wrap(load("local v = coroutine.yield('chunk yields') return v .. '!'"))
print(co(), co("resumed")) --> chunk yields	resumed!
-- table.unpack, select, pcall, next and friends as coroutine bodies.
print(coroutine.resume(coroutine.create(table.unpack), {1, 2, 3})); print(coroutine.resume(coroutine.create(select), -1, "a", "b")); print(coroutine.resume(coroutine.create(setmetatable), 1, 2))
--> true	1	2	3
--> true	b
--> false	bad argument #1 to 'setmetatable' (table expected, got number)
print(coroutine.resume(coroutine.create(pcall), yield, 5)); local p = coroutine.create(pcall); print(coroutine.resume(p, yield, "through")); print(coroutine.resume(p, "back", "in")); print(coroutine.status(p))
--> true	5
--> true	through
--> true	true	back	in
--> dead
-- Closures over the coroutine, self-resume, status inside of finalized code.
local self; self = coroutine.create(function() return coroutine.status(self), coroutine.resume(self) end)
print(coroutine.resume(self)) --> true	running	false	cannot resume non-suspended coroutine
-- Deeply nested coroutines: each resumes the next.
local function nest(n) if n == 0 then return "innermost" end return wrap(function() return nest(n - 1) end)() end
print(nest(100)) --> innermost
local function nest_yield(n) return wrap(function() if n == 0 then yield "value from the bottom" else local inner = nest_yield(n - 1); yield(inner()) end end) end
print(nest_yield(50)()) --> value from the bottom
-- Too many nested resumes: a catchable error, and everything works afterwards.
local function runaway(n) return wrap(function() return runaway(n + 1) end)() end
local ok, m = pcall(runaway, 1)
print(ok, type(m), nest(20)) --> false	string	innermost
-- Many coroutines alive at once, resumed in turns.
local many, sum = {}, 0
for i = 1, 100 do many[i] = wrap(function() local acc = i; while true do acc = acc + yield(acc) end end); many[i]() end
for round = 1, 3 do for i = 1, 100 do sum = sum + many[i](round) end end
print(sum) --> 16150
