-- __name in messages, tostring, comparison errors, argument errors; for tables and userdata.
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
local T = setmetatable({}, {__name = "My Type"})
print(err(function() return T + 1 end)); print(err(function() return T .. "x" end)); print(err(function() return T < 1 end)); print(err(function() return T < T end)); print(err(function() return -T end)); print(err(function() return T() end)); print(err(function() return T & 1 end))
--> attempt to perform arithmetic on a My Type value (upvalue 'T')
--> attempt to concatenate a My Type value (upvalue 'T')
--> attempt to compare My Type with number
--> attempt to compare two My Type values
--> attempt to perform arithmetic on a My Type value (upvalue 'T')
--> attempt to call a My Type value (upvalue 'T')
--> attempt to perform bitwise operation on a My Type value (upvalue 'T')
print(err(string.rep, T)); print(err(math.floor, T)); print(err(setmetatable, 1, T)); print(err(ipairs({}), T) ~= nil, err(string.format, "%d", T)); print(err(io.open, T)); print(err(table.concat, {T})); print(err(function() for i = 1, T do end end))
--> bad argument #1 to 'string.rep' (string expected, got My Type)
--> bad argument #1 to 'math.floor' (number expected, got My Type)
--> bad argument #1 to 'setmetatable' (table expected, got number)
--> true	bad argument #2 to 'string.format' (number expected, got My Type)
--> bad argument #1 to 'io.open' (string expected, got My Type)
--> invalid value (table) at index 1 in table for 'concat'
--> bad 'for' limit (number expected, got My Type)
print(tostring(T):match "^My Type: " ~= nil, ("%s"):format(T):match "^My Type: " ~= nil, type(T)) --> true	true	table
print(err(function() return #setmetatable({}, {__name = "L", __len = 5}) end), err(function() return io.stdout + 1 end), err(function() return io.stdout < io.stderr end), err(string.rep, io.stdout), err(math.abs, coroutine.create(print)))
--> attempt to call a number value (metamethod 'len')	attempt to perform arithmetic on a FILE* value (field 'stdout')	attempt to compare two FILE* values	bad argument #1 to 'string.rep' (string expected, got FILE*)	bad argument #1 to 'math.abs' (number expected, got thread)
-- Names that are not strings are ignored; the name is looked up raw, each time.
local N = setmetatable({}, {__name = 5})
print(err(function() return N + 1 end), tostring(N):match "^table: " ~= nil, err(string.rep, N))
--> attempt to perform arithmetic on a table value (upvalue 'N')	true	bad argument #1 to 'string.rep' (string expected, got table)
local mt = {}
local O = setmetatable({}, mt)
print(err(function() return O + 1 end)); mt.__name = "Later"; print(err(function() return O + 1 end), err(math.floor, O)); mt.__name = nil; print(err(math.floor, O))
--> attempt to perform arithmetic on a table value (upvalue 'O')
--> attempt to perform arithmetic on a Later value (upvalue 'O')	bad argument #1 to 'math.floor' (number expected, got Later)
--> bad argument #1 to 'math.floor' (number expected, got table)
print(err(math.floor, setmetatable({}, setmetatable({}, {__index = {__name = "Inherited"}}))))
--> bad argument #1 to 'math.floor' (number expected, got table)
-- Mixed comparisons show both.
local A, B = setmetatable({}, {__name = "A"}), setmetatable({}, {__name = "B"})
print(err(function() return A < B end), err(function() return A <= 1 end), err(function() return "x" > B end), err(function() return A < setmetatable({}, {__name = "A"}) end), err(function() return nil < A end))
--> attempt to compare A with B	attempt to compare A with number	attempt to compare B with string	attempt to compare two A values	attempt to compare nil with A
-- Through error, assert, pcall: objects stay objects.
print(select(2, pcall(error, A)) == A, select(2, pcall(assert, false, A)) == A, select(2, pcall(assert, nil, B)) == B)
--> true	true	true
-- With __tostring the name does not show in text, but still in type errors.
local both = setmetatable({}, {__name = "Named", __tostring = function() return "shown" end})
print(tostring(both), err(math.floor, both), err(function() return both + 1 end), "" .. tostring(both))
--> shown	bad argument #1 to 'math.floor' (number expected, got Named)	attempt to perform arithmetic on a Named value (upvalue 'both')	shown
-- luaL_checkudata style arguments: files.
print(err(io.close, T), io.type(T), err(getmetatable(io.stdout).__index.read, T))
--> bad argument #1 to 'io.close' (FILE* expected, got My Type)	nil	bad argument #1 to '?' (FILE* expected, got My Type)
