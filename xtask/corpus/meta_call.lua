-- __call: chains, arguments, results, tail position, methods, errors.
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
local t = setmetatable({name = "t"}, {__call = function(self, ...) return self.name, select("#", ...), ... end})
print(t(), t(1, nil, 3)) --> t	t	3	1	nil	3
print((t(1)), select("#", t()), #{t(1, 2)}) --> t	2	4
-- Chains: a callable that is called through another callable.
local inner = setmetatable({id = "inner"}, {__call = function(self, outer, ...) return self.id, outer.id, type((...)), select("#", ...) end})
local outer = setmetatable({id = "outer"}, {__call = inner})
print(outer("x", "y")) --> inner	outer	string	2
local third = setmetatable({id = "third"}, {__call = outer})
print(third("z")) --> inner	outer	table	2
-- As a tail call, as method, as iterator, through pcall, as metamethod.
local function tail(...) return t(...) end
print(tail("a", "b")) --> t	2	a	b
local object = {method = setmetatable({}, {__call = function(self, receiver, arg) return receiver.n + arg end}), n = 40}
print(object:method(2)) --> 42
for k in setmetatable({}, {__call = function(_, _, c) c = (c or 0) + 1; if c < 4 then return c end end}) do io.write(k, "\n") end
--> 1
--> 2
--> 3
print(pcall(t, "via pcall")) --> true	t	1	via pcall
print(xpcall(t, print, "via xpcall")) --> true	t	1	via xpcall
print(setmetatable({}, {__index = setmetatable({}, {__call = function(_, self, k) return "called __index " .. k end})}).key == nil)
--> true
print(coroutine.wrap(function(...) return t(coroutine.yield(...)) end)("yielded")) --> yielded
local co = coroutine.create(setmetatable and function(...) return t(...) end)
print(coroutine.resume(co, "in a coroutine")) --> true	t	1	in a coroutine
-- Variable argument counts around the call.
local count = setmetatable({}, {__call = function(_, ...) return select("#", ...) end})
print(count(), count(nil), count(table.unpack({}, 1, 100)), count(count(), count(1, 2))) --> 0	1	100	2
local function spread(...) return count(...), count(..., nil), count((...)) end
print(spread(1, 2, 3)) --> 3	2	1
-- Not callable.
print(err(function() local x = {}; x() end), err(function() t.field() end), err(function() t:nomethod() end))
--> attempt to call a table value (local 'x')	attempt to call a nil value (field 'field')	attempt to call a nil value (method 'nomethod')
print(err(setmetatable({}, {__call = 5})), err(function() setmetatable({}, {__call = {}})() end), err(function() undefinedfunction() end))
--> attempt to call a number value	attempt to call a table value	attempt to call a nil value (global 'undefinedfunction')
print(err(function() ("x")() end), err(function() (5)() end), err(function() t.a.b() end), err(nil), err({}))
--> attempt to call a string value (constant 'x')	attempt to call a number value	attempt to index a nil value (field 'a')	attempt to call a nil value	attempt to call a table value
-- Removed and replaced between calls.
local mt = getmetatable(t)
local saved = mt.__call
for i = 1, 4 do
  mt.__call = i % 2 == 0 and function() return "even" end or saved
  io.write(tostring((t())), i < 4 and " " or "\n") --> t even t even
end
mt.__call = nil
print(err(function() t() end)) --> attempt to call a table value (upvalue 't')
