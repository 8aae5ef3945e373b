-- Variable arguments: adjustment, select, table.pack, nested functions, holes, many values.
local function count(...) return select("#", ...) end
local function first(...) return (...) end
local function rest(_, ...) return ... end
local function list(...) return {...} end
print(count(), count(nil), count(nil, nil), count(1, nil), first(), first(1, 2), rest(1, 2, 3)) --> 0	1	2	2	nil	1	2	3
print(count(rest()), count(rest(1)), count(rest(1, nil)), #list(1, 2, 3), #list()) --> 0	0	1	3	0
local function fixed(a, b, ...) return a, b, count(...), ... end
print(fixed()); print(fixed(1)); print(fixed(1, 2, 3)); print(fixed(1, 2, nil, nil))
--> nil	nil	0
--> 1	nil	0
--> 1	2	1	3
--> 1	2	2	nil	nil
local function middle(...) return ..., "end" end
print(middle(1, 2, 3)); print((middle(1, 2, 3)))
--> 1	end
--> 1
local function assign(...) local a, b, c = ...; local d, e = 0, ...; local f = ..., 5; return a, b, c, d, e, f end
print(assign(1, 2)); print(assign())
--> 1	2	nil	0	1	1
--> nil	nil	nil	0	nil	nil
local function loop(...) local s = ""; for i, v in ipairs {...} do s = s .. i .. v end for i = 1, select("#", ...) do s = s .. tostring((select(i, ...))) end return s end
print(loop("a", "b"), loop(), loop(nil, "x")) --> 1a2bab		nilx
local function forward(...) return count(...), pcall(count, ...) end
print(forward(1, nil, nil)) --> 3	true	3
local function change(a, ...) a = "changed"; local before = ...; return a, before, ... end
print(change(1, 2, 3)) --> changed	2	2	3
-- Each function has its own; inner functions see none of the outer's.
local function outer(...) local inner = function(...) return count(...), ... end return inner("in"), count(...), inner(...) end
print(outer(1, 2)); print(outer())
--> 1	2	2	1	2
--> 1	0	0
print(load("return ...")("chunk", "args"), load("return select('#', ...)")(), select("#", load("return ...")())) --> chunk	0	0
local function recursive(n, ...) if n == 0 then return ... end return recursive(n - 1, n, ...) end
print(recursive(5)); print(count(recursive(100)))
--> 1	2	3	4	5
--> 100
-- In all places of an expression list.
local t = {count(1, 2), rest(1, 2, 3), rest(1, 2, 3)}
print(#t, t[1], t[2], t[3], t[4]) --> 4	2	2	2	3
local function concat(...) return ... .. "|" end
local function arithmetic(...) return ... + 1, -..., #..., not ... end
print(concat("a", "b"), arithmetic("10"), pcall(concat) == false) --> a|	11	true
local function conditions(...) if ... then return "true" elseif ... == nil then return "nil" else return "false" end end
print(conditions(1), conditions(nil), conditions(), conditions(false)) --> true	nil	nil	false
local function index(...) local t = ...; return t[...], (...)[1], ({...})[2] end
print(index(setmetatable({}, {__index = function(_, k) return type(k) end}), "second")) --> table	number	second
local function method(...) return (...):upper(), ("%s-%s"):format(...) end
print(method("a", "b")) --> A	a-b
-- Many arguments.
local big = {}
for i = 1, 250 do big[i] = i end
print(count(table.unpack(big)), (select(250, table.unpack(big))), #list(table.unpack(big)), count(rest(table.unpack(big))), select("#", table.unpack(big, 1, 254)))
--> 250	250	250	249	254
local function sum(...) local n = select("#", ...); if n == 0 then return 0 end return (...) + sum(select(2, ...)) end
print(sum(table.unpack(big, 1, 50))) --> 1275
local packed = table.pack(rest(1, nil, 2, nil))
print(packed.n, packed[1], packed[2], packed[3]) --> 3	nil	2	nil
-- Vararg functions as coroutine bodies, metamethods, iterators.
local co = coroutine.wrap(function(...) local n = count(...); while true do n = n + count(coroutine.yield(n, ...)) end end)
print(co("a", "b")); print(co(nil, nil, nil)); print(co())
--> 2	a	b
--> 5	a	b
--> 5	a	b
print(setmetatable({}, {__call = function(...) return count(...) end})(nil, nil), setmetatable({}, {__index = function(...) return count(...) end}).x)
--> 3	2
for a, b, c in function(...) if select(2, ...) == nil then return count(...), ..., "c" end end, "state" do print(a, b, c) end
--> 2	state	c
