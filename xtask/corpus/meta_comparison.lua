-- __eq, __lt, __le: when they are called, results as booleans, mixed types.
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
local log = {}
local mt = {}
mt.__eq = function(a, b) log[#log + 1] = "eq"; return a.v == b.v end
mt.__lt = function(a, b) log[#log + 1] = "lt"; return (type(a) == "table" and a.v or a) < (type(b) == "table" and b.v or b) end
mt.__le = function(a, b) log[#log + 1] = "le"; return (type(a) == "table" and a.v or a) <= (type(b) == "table" and b.v or b) end
local function new(v) return setmetatable({v = v}, mt) end
local function flush() local s = table.concat(log, " "); log = {}; return "[" .. s .. "]" end
local a, b, c = new(1), new(2), new(1)
print(a == c, a ~= c, a == b, a ~= b, flush()) --> true	false	false	true	[eq eq eq eq]
print(a == a, a ~= a, a == 1, a == "x", a ~= nil, 1 == a, a == {}, flush()) --> true	false	false	false	true	false	false	[eq]
print(a < b, a > b, a <= c, a >= b, flush()) --> true	false	true	false	[lt lt le le]
print(a < 2, 2 > a, a <= 1, 1 >= a, 0 < a, a > 0, 3 >= a, flush()) --> true	true	true	true	true	true	true	[lt lt le le lt lt le]
print(a < 1.5, 1.5 < a, not (a < b), not (a == c), flush()) --> true	false	false	false	[lt lt lt eq]
-- Different metatables: the first operand's is tried first.
local other = setmetatable({v = 1}, {__eq = function() return "truthy" end, __lt = function() return nil end})
print(a == other, other == a, other < a, a < other, flush()) --> true	true	false	false	[eq lt]
print(other == {}, {} == other, rawequal(a, c)) --> true	true	false
-- Results become booleans.
local odd = setmetatable({}, {__lt = function() return 0 end, __le = function() return nil end, __eq = function() return "" end})
print(odd < 1, odd <= 1, 1 < odd, 1 > odd, 1 >= odd, odd == setmetatable({}, getmetatable(odd)), odd ~= setmetatable({}, getmetatable(odd)))
--> true	false	true	true	false	true	false
-- __le is not emulated by __lt any more.
local lt_only = setmetatable({}, {__lt = function() return true end})
print(lt_only < lt_only, lt_only > 1, err(function() return lt_only <= lt_only end), err(function() return 1 >= lt_only end))
--> true	true	attempt to compare two table values	attempt to compare table with number
print(err(function() return new(1) < {} end):sub(1, 30), err(function() return {} < "x" end))
--> attempt to compare number with	attempt to compare table with string
-- In conditions, and with jumps both ways.
local out = {}
if a < b then out[#out + 1] = "lt" end
if not (a < b) then out[#out + 1] = "never" else out[#out + 1] = "else" end
while a < b do a.v = a.v + 1; out[#out + 1] = a.v end
if a == b then out[#out + 1] = "eq now" end
out[#out + 1] = tostring(a <= b and a >= b and not (a ~= b))
print(table.concat(out, " ")) --> lt else 2 eq now true
-- Never called for equal raw values or other kinds: strings, numbers, functions.
debug.setmetatable("", {__eq = function() error "not called" end, __lt = function() error "not called" end, __index = string})
print("a" == "b", "a" < "b", "a" .. "b" == "ab") --> false	true	true
local smt = getmetatable("")
smt.__eq, smt.__lt = nil, nil
debug.setmetatable(print, {__lt = function() return "functions compared" end, __eq = function() error "not called" end})
print(print < error, print == error) --> true	false
debug.setmetatable(print, nil)
-- Sorting and max use them.
local list = {new(3), new(1), new(2)}
table.sort(list)
print(list[1].v, list[2].v, list[3].v, math.max(5, 7) == 7) --> 1	2	3	true
-- Errors and yields inside.
print(err(function() return setmetatable({}, {__lt = function() error("in lt", 0) end}) < 1 end)) --> in lt
local y = setmetatable({}, {__lt = function() return coroutine.yield("yielded in lt") end, __eq = function() return coroutine.yield("in eq") end})
local co = coroutine.wrap(function() if y < 1 then return "less" else return "not less" end end)
print(co(), co(true)) --> yielded in lt	less
co = coroutine.wrap(function() return y == setmetatable({}, {}), y ~= setmetatable({}, {}) end)
print(co(), co(1), co(1)) --> in eq	in eq	true	false
