-- Error values of every kind, levels and positions, nested protected calls.
local chunk = [[
local level = ...
local function raise(v, l) error(v, l) end
local function caller(v, l)
  raise(v, l)
end
caller("text", level)
]]
local f = load(chunk, "=c")
for _, level in ipairs {0, 1, 2, 3, 4} do print(level, select(2, pcall(f, level))) end
--> 0	text
--> 1	c:2: text
--> 2	c:4: text
--> 3	c:6: text
--> 4	text
print(select(2, pcall(load("error('default')", "=c"))), select(2, pcall(load("\n\nerror('line 3')", "=c"))), select(2, pcall(load("error('x', nil)", "=c"))))
--> c:1: default	c:3: line 3	c:1: x
print(pcall(error)); print(pcall(error, nil)); print(pcall(error, false)); print(pcall(error, 42)); print(pcall(error, 1.5)); print(pcall(error, "direct"))
--> false	nil
--> false	nil
--> false	false
--> false	42
--> false	1.5
--> false	direct
local t = {}
print(select(2, pcall(error, t)) == t, select(2, pcall(error, print)) == print, select(2, pcall(error, t, 2)) == t, type(select(2, pcall(error, coroutine.create(print)))))
--> true	true	true	thread
local obj = setmetatable({}, {__tostring = function() return "an object" end, __concat = function() return "never concatenated" end})
print(select(2, pcall(error, obj)) == obj, tostring(select(2, pcall(error, obj)))) --> true	an object
print(select("#", pcall(error)), select("#", pcall(function() end)), select("#", pcall(function() return nil, nil end))) --> 2	1	3
-- Numbers as messages get positions too? Only strings do.
print(select(2, pcall(load("error(12)", "=c"))), math.type(select(2, pcall(load("error(12)", "=c")))), select(2, pcall(load("error('12')", "=c"))))
--> 12	integer	c:1: 12
-- Nested: inner caught, rethrown, changed.
print(pcall(pcall, error, "inner")); print(pcall(function() local ok, m = pcall(error, "first", 0); error(m .. " rethrown", 0) end))
--> true	false	inner
--> false	first rethrown
print(select(2, pcall(function() local ok, e = pcall(error, t); error(e) end)) == t) --> true
local function chain(n) if n == 0 then error({depth = 0}) end local ok, e = pcall(chain, n - 1); e.depth = e.depth + 1; error(e) end
print(select(2, pcall(chain, 30)).depth) --> 30
-- assert: values passed through, messages of all kinds.
print(assert(1, 2, 3)); print(pcall(assert, false)); print(pcall(assert, nil, "message")); print(pcall(assert, false, 42)); print(select(2, pcall(assert, nil, t)) == t)
--> 1	2	3
--> false	assertion failed!
--> false	message
--> false	42
--> true
print(pcall(assert)); print(pcall(assert, nil, nil)); print(select("#", pcall(assert, false, nil))); print(pcall(assert, "", "unused"))
--> false	bad argument #1 to 'assert' (value expected)
--> false	nil
--> 2
--> true		unused
-- Return values and errors from deep inside of library calls.
print(pcall(table.sort, {2, 1}, function() error("in sort", 0) end)); print(pcall(string.gsub, "x", "x", function() error(t) end) == false, pcall(string.rep) == false)
--> false	in sort
--> true	true
print(pcall(load, function() error("in reader", 0) end)) --> true	nil	in reader
-- State after an error is as the code left it.
local state = {}
pcall(function() for i = 1, 10 do state[i] = i; if i == 4 then local x = nil + 1 end end end)
print(#state) --> 4
local function try(fn, catch, finally) local r = table.pack(pcall(fn)); if not r[1] then r = table.pack(true, catch(r[2])) end if finally then finally() end return table.unpack(r, 2, r.n) end
print(try(function() error("thrown", 0) end, function(e) return "caught " .. e end, function() io.write("finally\n") end))
--> finally
--> caught thrown
print(pcall(pcall)); print(pcall(5)); print(pcall(nil)); print(pcall({}))
--> false	bad argument #1 to 'pcall' (value expected)
--> false	attempt to call a number value
--> false	attempt to call a nil value
--> false	attempt to call a table value
