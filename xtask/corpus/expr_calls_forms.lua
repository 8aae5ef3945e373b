-- Call syntax: strings, tables, chains, and calls spread over several lines.
local function id(...) return ... end
print(id "a", id [[b]], id 'c', #id {1, 2}) --> a	b	c	2
print((id {5})[1], id {id {6}}[1] == nil, type{}, type"") --> 5	false	table	string
local obj = {n = 0}
function obj:inc(k) self.n = self.n + (k or 1); return self end
function obj.static(...) return select("#", ...) end
print(obj:inc():inc(5):inc().n, obj.static(obj, obj), obj.static()) --> 7	2	0
local function curry(a) return function(b) return function(c) return a .. b .. c end end end
print(curry "x" "y" "z", curry(1)(2)(3), curry("p")"q"("r")) --> xyz	123	pqr
local list = {id, {id, {f = id}}}
print(list[1]("one"), list[2][1]("two"), list[2][2].f("three"), list[2][2]["f"] "four") --> one	two	three	four
print((function(...) return select("#", ...) end)(nil, nil, nil)) --> 3
print(({id})[1] "from a table", ("%s-%s"):format("a", "b"), #("x"):rep(10)) --> from a table	a-b	10

-- Results of calls: how many arrive where.
local function none() end
local function three() return 1, 2, 3 end
local function count(...) return select("#", ...) end
print(count(none()), count((none())), count(three()), count((three()))) --> 0	1	3	1
print(count(three(), three()), count(none(), none()), count(three(), nil)) --> 4	1	2
print(count(id(id(id(three())))), count(id((id(three()))))) --> 3	1
local a, b, c, d = three()
print(a, b, c, d) --> 1	2	3	nil
a, b, c, d = "first", three()
print(a, b, c, d) --> first	1	2	3
a, b = none()
print(a, b) --> nil	nil
a, b, c, d = none(), none(), three()
print(a, b, c, d) --> nil	nil	1	2
print(three() + 1, -three(), #{three()}, not three(), three() .. "") --> 2	-1	3	false	1
print(count(table.unpack({}, 1, 200)), (select(200, table.unpack({}, 1, 200)))) --> 200	nil
print(not none(), none() == nil, (none())) --> true	true	nil

-- A call may go on in the next line; a semicolon separates it.
local result = id
(7)
print(result) --> 7
local f = id;
(print)("separated") --> separated
local chain = obj
  :inc()
  :inc(100)
  .n
print(chain) --> 108
print
"string argument on the next line" --> string argument on the next line
-- Arguments that are calls, all kept apart.
print(id(1), id(2, 3), id(4, 5)) --> 1	2	4	5
print((id(1, 2)), id(id(3, 4), id(5, 6))) --> 1	3	5	6
