-- Names of values in messages: where the value came from, as the code tells it.
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
local up, uptab = nil, {}
print(err(function() local x; x() end)) --> attempt to call a nil value (local 'x')
print(err(function() up() end)) --> attempt to call a nil value (upvalue 'up')
print(err(function() undefined() end)) --> attempt to call a nil value (global 'undefined')
print(err(function() undefined.x = 1 end)) --> attempt to index a nil value (global 'undefined')
print(err(function() up.x = 1 end)) --> attempt to index a nil value (upvalue 'up')
print(err(function() uptab.a.b.c = 1 end)) --> attempt to index a nil value (field 'a')
print(err(function() uptab.a() end)) --> attempt to call a nil value (field 'a')
print(err(function() uptab:method() end)) --> attempt to call a nil value (method 'method')
print(err(function() local t = {}; t.x.y() end)) --> attempt to index a nil value (field 'x')
print(err(function() local t = {}; t[1][2] = 3 end)) --> attempt to index a nil value (field 'integer index')
print(err(function() local t = {}; t[1]() end)) --> attempt to call a nil value (field 'integer index')
print(err(function() local t, k = {}, "key"; t[k]() end)) --> attempt to call a nil value (field '?')
print(err(function() local t = {}; t["a key"].x() end)) --> attempt to index a nil value (field 'a key')
print(err(function() return ("x")() end)) --> attempt to call a string value (constant 'x')
print(err(function() return (1)() end)) --> attempt to call a number value
print(err(function() return #up end)) --> attempt to get length of a nil value (upvalue 'up')
print(err(function() local a = {}; return -a end)) --> attempt to perform arithmetic on a table value (local 'a')
print(err(function() local a = "x"; return a + {} end)) --> attempt to add a 'string' with a 'table'
print(err(function() local a, b = {}, 1; return b + a end)) --> attempt to perform arithmetic on a table value (local 'a')
print(err(function() return 2 ^ uptab.n end)) --> attempt to perform arithmetic on a nil value (field 'n')
print(err(function() return uptab.n .. "x" end)) --> attempt to concatenate a nil value (field 'n')
print(err(function() return "x" .. uptab.n .. "y" end)) --> attempt to concatenate a nil value (field 'n')
print(err(function() local a, b, c = "a", {}, "c"; return a .. b .. c end)) --> attempt to concatenate a table value (local 'b')
print(err(function() return undefined < 1 end)) --> attempt to compare nil with number
print(err(function() return {} < {} end)) --> attempt to compare two table values
print(err(function() return {} < "x" end)) --> attempt to compare table with string
print(err(function() local x = 2.5; return x & 1 end)) --> number (local 'x') has no integer representation
print(err(function() return 1 << uptab end)) --> attempt to perform bitwise operation on a table value (upvalue 'uptab')
print(err(function() return 1 | 2^63 end)) --> number has no integer representation
print(err(function() return up or undefined() end)) --> attempt to call a nil value (global 'undefined')
print(err(function() local a = up and 1 or nil; a() end)) --> attempt to call a nil value (local 'a')
print(err(function(x) if x then x = uptab else x = up end x.y.z = 1 end)) --> attempt to index a nil value (local 'x')
print(err(function() (up or undefined)() end)) --> attempt to call a nil value
print(err(function() local a = {}; (a.b or a.c)() end)) --> attempt to call a nil value
print(err(function() for i in nil do end end)) --> attempt to call a nil value (for iterator 'for iterator')
print(err(function() for i in 5 do end end)) --> attempt to call a number value (for iterator 'for iterator')
print(err(function() local _ENV = {}; x() end)) --> attempt to call a nil value (global 'x')
print(err(function() local _ENV = {}; x.y = 1 end)) --> attempt to index a nil value (global 'x')
print(err(function() local _ENV = nil; x = 1 end)) --> attempt to index a nil value (local '_ENV')
print(err(function() local e = _ENV; e.zzz() end)) --> attempt to call a nil value (field 'zzz')
print(err(function(...) local a = ...; a() end)) --> attempt to call a nil value (local 'a')
print(err(function(...) (...)() end)) --> attempt to call a nil value
print(err(setmetatable({}, {__call = 1}))) --> attempt to call a number value
print(err(function() local t = setmetatable({}, {__index = function(t, k) return k .. {} end}); return t.x end)) --> attempt to concatenate a table value
print(err(function() local t = setmetatable({}, {__index = 10}); return t.x.y end)) --> attempt to index a number value
print(err(function() string.rep() end)) --> bad argument #1 to 'rep' (string expected, got no value)
print(err(function() ("x"):rep() end)) --> bad argument #1 to 'rep' (number expected, got no value)
print(err(function() ("x").rep() end)) --> bad argument #1 to 'rep' (string expected, got no value)
print(err(function() local f = string.rep; f() end)) --> bad argument #1 to 'f' (string expected, got no value)
print(err(function() string.rep("x", "y") end)) --> bad argument #2 to 'rep' (number expected, got string)
print(err(function() ("x"):rep(1.5) end)) --> bad argument #1 to 'rep' (number has no integer representation)
print(err(function() setmetatable(1, {}) end)) --> bad argument #1 to 'setmetatable' (table expected, got number)
print(err(function() io.stdout.write() end)) --> bad argument #1 to 'write' (FILE* expected, got no value)
print(err(function() io.stdout.write(1, "x") end)) --> bad argument #1 to 'write' (FILE* expected, got number)
print(err(function() table.concat({{}}) end)) --> invalid value (table) at index 1 in table for 'concat'
print(err(function() return math.floor({}) end)) --> bad argument #1 to 'floor' (number expected, got table)
print(err(string.rep)) --> bad argument #1 to 'string.rep' (string expected, got no value)
print(err(function() return up.x end), err(function() return up[1] end)) --> attempt to index a nil value (upvalue 'up')	attempt to index a nil value (upvalue 'up')
print(err(function() local a; a.b = 1 end), err(function() local a; a[1] = 1 end), err(function() local a, b; a[b] = 1 end)) --> attempt to index a nil value (local 'a')	attempt to index a nil value (local 'a')	attempt to index a nil value (local 'a')
print(err(function() local a; return a:m() end), err(function() local a = {m = 1}; return a:m() end)) --> attempt to index a nil value (local 'a')	attempt to call a number value (method 'm')
print(err(function() while true do local x = undefined.y end end)) --> attempt to index a nil value (global 'undefined')
print(err(function() local a = 1; a = nil; a() end)) --> attempt to call a nil value (local 'a')
print(err(function() goto l; ::l:: local a; a() end)) --> attempt to call a nil value (local 'a')
print(err(function() uptab[undefined] = 1 end)) --> table index is nil
print(err(function() uptab[0/0] = 1 end)) --> table index is NaN
