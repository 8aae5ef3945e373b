-- select and varargs: negative positions, tails, counts, in loops and recursion; packed values with holes.
print(select(1, "a", "b")); print(select(2, "a", "b")); print(select(-1, "a", "b")); print(select(-2, "a", "b")); print(select("#"), select("#", nil, nil), select("#", ...))
--> a	b
--> b
--> b
--> a	b
--> 0	2	0
local function last(...) return (select(-1, ...)) end
local function nth(n, ...) return (select(n, ...)) end
local function tail(_, ...) return ... end
local function init(...) local n = select("#", ...); local t = {...}; return table.unpack(t, 1, n - 1) end
print(last(1, 2, 3), last(nil), nth(2, "x", "y"), pcall(last) == false); print(tail(1, 2, 3)); print(init(1, nil, 3)); print(select("#", init(1)), select("#", tail()))
--> 3	nil	y	true
--> 2	3
--> 1	nil
--> 0	0
local function map(f, ...) if select("#", ...) == 0 then return end return f((...)), map(f, select(2, ...)) end
local function filter(p, v, ...) if select("#", ...) == 0 then if v ~= nil and p(v) then return v end return end if p(v) then return v, filter(p, ...) end return filter(p, ...) end
local function reverse(...) local function r(n, v, ...) if n == 0 then return end return append_last(v, r(n - 1, ...)) end return r(select("#", ...), ...) end
function append_last(v, ...) local t = table.pack(...); t[t.n + 1] = v; return table.unpack(t, 1, t.n + 1) end
print(map(function(x) return x * x end, 1, 2, 3, 4)); print(filter(function(x) return x % 2 == 0 end, 1, 2, 3, 4, 6)); print(reverse(1, "two", 3, 4)); print(select("#", reverse())); append_last = nil
--> 1	4	9	16
--> 2	4	6
--> 4	3	two	1
--> 0
local function fold(f, acc, ...) for i = 1, select("#", ...) do acc = f(acc, (select(i, ...))) end return acc end
print(fold(math.max, 0, 3, 9, 4), fold(function(a, b) return a .. tostring(b) end, "", 1, nil, false, "x")) --> 9	1nilfalsex
local function curry(f, n, ...) local args = table.pack(...); if args.n >= n then return f(...) end return function(...) local more = table.pack(...); local all = table.move(more, 1, more.n, args.n + 1, {table.unpack(args, 1, args.n)}); return curry(f, n, table.unpack(all, 1, args.n + more.n)) end end
local add3 = curry(function(a, b, c) return a + b + c end, 3)
print(add3(1)(2)(3), add3(1, 2)(3), add3(1)(2, 3), add3(1, 2, 3)) --> 6	6	6	6
local function bind(f, ...) local bound = table.pack(...); return function(...) local t = {table.unpack(bound, 1, bound.n)}; local n = select("#", ...); for i = 1, n do t[bound.n + i] = (select(i, ...)) end return f(table.unpack(t, 1, bound.n + n)) end end
print(bind(select, "#")(nil, nil), bind(select, "#", nil)(nil), bind(string.format, "%s-%s")("a", "b"), bind(print) ~= nil)
--> 2	2	a-b	true
-- Holes and nil at the ends survive pack and unpack, returns, coroutines and pcall.
local function id(...) return ... end
local function count(...) return select("#", ...) end
local p = table.pack(nil, 2, nil)
print(p.n, count(table.unpack(p, 1, p.n)), count(id(nil, nil)), count(pcall(id, nil, nil)), count(coroutine.wrap(id)(nil, nil, nil)), count((id(nil, nil))))
--> 3	3	2	3	3	1
print(count(id(), id(), id()), count(id(), (id())), count(id(nil), id(nil, nil)), count({}, id(1, 2)), count(id(1, 2), {}))
--> 2	2	3	3	2
-- Varargs captured by closures have to go through a table or a local; the closure's own are others.
local function capture(...) local args = table.pack(...); return function(...) return count(...), args.n, args[1], (...) end end
print(capture("a", "b")("x", "y", "z")) --> 3	2	a	x
-- In arithmetic, conditions, tables with other fields, method calls, string calls, concat.
local function mix(...) local t = {first = ..., n = count(...), ..., "last"}; return t.first, t.n, t[1], t[2], #t end
print(mix("a", "b")); print((function(...) return (... or "none") .. "!", ... == nil, not ... end)())
--> a	2	a	last	2
--> none!	true	true
print((function(...) local a <const>, b = ..., "b"; return a, b, ... end)("x", "y")); print((function(...) for i, v in ipairs {...} do if v == "stop" then return i, ... end end end)("go", "stop", "never"))
--> x	b	x	y
--> 2	go	stop	never
print((function(a, ...) a = a or "default"; local rest = {...}; return a, #rest, ... end)(nil, 1)); print(string.format("%s %s %s", (function(...) return ... end)("p", "q", "r")))
--> default	1	1
--> p q r
-- Deep recursion that carries growing argument lists, and long lists passed through.
local function grow(n, ...) if n == 0 then return count(...) end return grow(n - 1, n, ...) end
local long = {}
for i = 1, 220 do long[i] = i end
print(grow(120), count(table.unpack(long)), (select(-1, table.unpack(long))), (select(110, table.unpack(long))), fold(function(a, b) return a + b end, 0, table.unpack(long)))
--> 120	220	220	110	24310
local function pass(...) return id(...) end
print(count(pass(table.unpack(long))), count(pcall(pass, table.unpack(long))), #{pass(table.unpack(long))}, #{pass(table.unpack(long)), 1}, count(coroutine.wrap(function(...) return coroutine.yield(...) end)(table.unpack(long))))
--> 220	221	220	2	220
-- The main chunk's own varargs.
local main = table.pack(...)
print(main.n, ... == nil, (...)) --> 0	true	nil
