-- Switches between coroutines: values in both directions, every way to begin and end, growth, errors, hooks, nesting.
local function say(...)
  local t = table.pack(...)
  for i = 1, t.n do t[i] = tostring(t[i]) end
  print(table.concat(t, " "))
end
local create, resume, yield, wrap, status = coroutine.create, coroutine.resume, coroutine.yield, coroutine.wrap, coroutine.status
local function count(...) return select("#", ...) end
local function strip(m) return (tostring(m):gsub("^.-:%d+: ", "")) end
local function echo(...) local n = 0; local t = table.pack(...); while true do n = n + 1; t = table.pack(yield(table.unpack(t, 1, t.n))) end end

local co = create(echo)
say(resume(co)); say(resume(co, 1)); say(resume(co, 1, nil, 3, nil)); say(count(resume(co, nil, nil)), count(resume(co)))
resume(co); local a = resume(co, 1, 2); say(a); local a, b = resume(co, 1, 2); say(a, b); local a, b, c, d = resume(co, 1, 2); say(a, b, c, d)
local t = { resume(co, 4, 5) }; say(#t, t[3]); say((resume(co, 6)), (select(2, resume(co, 7))))
local w = wrap(echo); say(w("x")); say(count(w()), count(w(nil)), (w(1, 2))); local a, b, c = w(1, 2); say(a, b, c); w(); say(w("again", nil))
local many = {}; for i = 1, 200 do many[i] = i end
say(count(resume(co, table.unpack(many))), select(200, w(table.unpack(many))))
local function tail_yield(...) return yield(...) end
local tw = wrap(function(...) return "end", tail_yield(...) end); say(tw(1, 2)); say(tw(3, 4)); say(strip(select(2, pcall(tw))))
local function tail_resume(c, ...) return resume(c, ...) end say(tail_resume(create(function(...) return ... end), 8, 9))

-- Begin and end.
local co = create(function(...) return count(...), ... end); say(resume(co, "p", nil)); say(status(co), resume(co)); say(count(resume(co)))
say(resume(create(function() end))); say(count(wrap(function() end)()), count(wrap(function() return nil end)()))
say(resume(create(print and function(...) return select("#", ...) end), 1, 2, 3)); say(resume(create(math.max), 3, 9)); say(resume(create(string.byte), "A"))
say(wrap(pcall)(function() return 5 end)); say(wrap(type)(nil)); say(resume(create(yield), 1, 2)); say(pcall(wrap, 5) == false, pcall(create) == false, pcall(resume, 5) == false)
say(strip(select(2, pcall(yield, 1)))); say(coroutine.isyieldable(), wrap(coroutine.isyieldable)())
local self; self = create(function() return resume(self) end); say(resume(self))
local outer; outer = create(function() local inner = create(function() return resume(outer) end); return resume(inner) end); say(resume(outer))
say(status(create(print)), wrap(function() return status(coroutine.running()) end)())

-- Errors.
local co = create(function() yield(1); error("broken", 0) end); say(resume(co)); say(resume(co)); say(resume(co)); say(status(co))
local co = create(function() local x = nil; yield(x); return x.y end); resume(co); say(strip(select(2, resume(co))))
local w = wrap(function() yield(1); error({ code = 3 }) end); w(); local ok, e = pcall(w); say(ok, e.code, strip(select(2, pcall(w))))
local w = wrap(function() error("text") end); say(strip(strip(select(2, pcall(w)))))
local co = create(function() local ok, m = pcall(function() yield("in"); error("caught", 0) end); yield(ok, m); return "out" end)
say(resume(co)); say(resume(co)); say(resume(co)); say(resume(co))
local w = wrap(function() for i = 1, 3 do pcall(function() yield(i); error() end) end return "done" end); say(w(), w(), w(), w())
do local log = {}; local co = create(function() local c <close> = setmetatable({}, { __close = function() log[#log + 1] = "closed" end }); yield(1); return 2 end)
  resume(co); say(coroutine.close(co), log[1], status(co)); local co = wrap(function() local c <close> = setmetatable({}, { __close = function(_, e) log[#log + 1] = e end }); error("E", 0) end); say(pcall(co)); say(log[2]) end

-- Generators in loops, nested, and deep.
local function range(n) return wrap(function() for i = 1, n do yield(i, i * i) end end) end
local sum = 0; for i, s in range(100) do sum = sum + i * s end; say(sum)
do local got = {}; for a, b, c in wrap(function() yield(1); yield(2, 3, 4, 5) end) do got[#got + 1] = tostring(a) .. tostring(b) .. tostring(c) end say(table.concat(got, " ")) end
local function filter(p, g) return wrap(function() for v in g do if p(v) then yield(v) end end end) end
local primes, g = {}, wrap(function() for i = 2, 60 do yield(i) end end)
while true do local p = g(); if not p then break end primes[#primes + 1] = p; g = filter(function(x) return x % p ~= 0 end, g) end
say(table.concat(primes, " "))
local function walk(n) if n > 0 then walk(n - 1); yield(n); walk(n - 1) end end
local sum, times = 0, 0; for v in wrap(function() walk(10) end) do sum = sum + v; times = times + 1 end; say(sum, times)
local function down(n, ...) if n == 0 then return yield(...) end return (down(n - 1, n, ...)) end
local co = create(down); say(count(resume(co, 150)), (select(2, resume(co, "back"))), status(co))
local co = create(function() local function f(n) if n == 0 then yield("deep") return 0 end return 1 + f(n - 1) end; return f(5000) end)
say(resume(co)); collectgarbage(); say(resume(co))
local function chain(n) if n == 0 then return "end" end return wrap(function() return chain(n - 1) end)() end
say(chain(100), strip(strip(select(2, pcall(chain, 250)))):find("C stack overflow") ~= nil)
local cos = {}; for i = 1, 300 do cos[i] = create(function(a) local s = a; while true do s = s + yield(s) end end) end
local sum = 0; for round = 1, 20 do for i = 1, 300 do sum = sum + select(2, resume(cos[i], i)) end if round == 10 then collectgarbage() end end; say(sum)

-- Across pcall, metamethods, iterators, sort (which refuses).
local w = wrap(function() local m = setmetatable({}, { __index = function(_, k) return yield(k) end, __add = function(a, b) return yield("add") end, __lt = function() return yield("lt") end, __newindex = function(t, k, v) rawset(t, k, yield(v)) end, __concat = function() return yield("cat") end, __eq = function() return yield("eq") end, __call = function(_, x) return yield(x) end, __len = function() return yield("len") end })
  local r = { m.key, m + 1, m < m, m == setmetatable({}, getmetatable(m)), m .. "x", m(5), #m }; m.new = "value"; return r[1], r[2], r[3], r[4], r[5], r[6], r[7], rawget(m, "new") end)
say(w()); say(w("k")); say(w("a")); say(w(1)); say(w(nil)); say(w("c")); say(w(6)); say(w(7)); say(w("stored"))
say(strip(strip(select(2, pcall(wrap(function() table.sort({ 3, 2, 1 }, function(a, b) yield(); return a < b end) end))))))
say(strip(strip(select(2, pcall(wrap(function() return (("x"):gsub("x", yield)) end))))))
for a in wrap(function() for i in wrap(function() yield(1); yield(2) end) do yield(i * 10) end end) do if a == 20 then say(a) end end

-- Hooks on one thread alone; tracebacks and levels of a suspended one.
local co = create(function() local seen = 1; yield(seen); yield(seen + 1) end); resume(co)
say(debug.traceback(co):find("yield") ~= nil, debug.getinfo(co, 0, "n").name or debug.getinfo(co, 0, "S").what, debug.getinfo(co, 1, "l").currentline > 0, debug.getlocal(co, 1, 1))
debug.setlocal(co, 1, 1, 41); say(resume(co)); say(resume(co)); say(resume(co))
local lines = 0; local co = create(function() local x = 1; yield(); x = x + 1; yield(); return x end)
debug.sethook(co, function() lines = lines + 1 end, "l"); resume(co); local before = lines; resume(co); say(before > 0, lines > before); debug.sethook(co); local now = lines; resume(co); say(lines == now)
local calls = 0; debug.sethook(function() calls = calls + 1 end, "c"); local co = wrap(function() yield(1); return 2 end); co(); co(); debug.sethook(); say(calls >= 3)
local events = {}; local co = create(function() yield(1) return 2 end)
debug.sethook(co, function(e) events[#events + 1] = e:sub(1, 1) end, "cr"); resume(co); resume(co); say(table.concat(events))
debug.setupvalue(w, 1, nil); local up = wrap(function() end); local name, thread = debug.getupvalue(up, 1); say(type(thread))
-- resume and yield replaced in the middle; a coroutine that a host function began.
local n = 0; local real = coroutine.yield
for v in wrap(function() for i = 1, 4 do coroutine.yield(i); if i == 2 then coroutine.yield = function(x) return real(x * 100) end end end end) do n = n + v end
coroutine.yield = real; say(n)
say(select(2, resume(create(function() return select(2, resume(create(function() return select(2, pcall(function() return yield("up") end)) end))) end))))
local weak = setmetatable({}, { __mode = "v" }); do local co = wrap(function() weak[1] = coroutine.running(); yield(1) end); co() end collectgarbage(); collectgarbage(); say(weak[1])

--> true
--> true 1
--> true 1 nil 3 nil
--> 3 1
--> true
--> true 1
--> true 1 2 nil
--> 3 5
--> true 7
--> x
--> 0 1 1
--> 1 2 nil
--> again nil
--> 201 200
--> 1 2
--> end 3 4
--> cannot resume dead coroutine
--> true 8 9
--> true 2 p nil
--> dead false cannot resume dead coroutine
--> 2
--> true
--> 0 1
--> true 3
--> true 9
--> true 65
--> true 5
--> nil
--> true 1 2
--> true true true
--> attempt to yield from outside a coroutine
--> false true
--> true false cannot resume non-suspended coroutine
--> true true false cannot resume non-suspended coroutine
--> suspended running
--> true 1
--> false broken
--> false cannot resume dead coroutine
--> dead
--> attempt to index a nil value (local 'x')
--> false 3 cannot resume dead coroutine
--> text
--> true in
--> true false caught
--> true out
--> false cannot resume dead coroutine
--> 1 2 3 done
--> true closed dead
--> false E
--> E
--> 25502500
--> 1nilnil 234
--> 2 3 5 7 11 13 17 19 23 29 31 37 41 43 47 53 59
--> 2036 1023
--> 151 back dead
--> true deep
--> true 5000
--> end true
--> 9481500
--> key
--> add
--> lt
--> eq
--> cat
--> 5
--> len
--> value
--> k a true false c 6 7 stored
--> attempt to yield across a C-call boundary
--> attempt to yield across a C-call boundary
--> 20
--> true yield true seen 1
--> true 42
--> true
--> false cannot resume dead coroutine
--> true false
--> true
--> true
--> ccrr
--> thread
--> 703
--> up
--> nil
