-- Names in messages with integer keys, upvalue tables, _ENV, long names, calls of results.
local function err(source, ...)
  local f = assert(load(source, "=c"))
  local ok, m = pcall(f, ...)
  return ok and "ok" or (tostring(m):gsub("^c:%d+: ", ""))
end
print(err "x = y.z") --> attempt to index a nil value (global 'y')
print(err "local _ENV = {}; x = y.z") --> attempt to index a nil value (global 'y')
print(err "local _ENV = {}; return f()") --> attempt to call a nil value (global 'f')
print(err "local t = {}; local _ENV = t; return a.b") --> attempt to index a nil value (global 'a')
print(err "return _ENV.nothing.x") --> attempt to index a nil value (global 'nothing')
print(err "local e = _ENV; return e.nothing.x") --> attempt to index a nil value (field 'nothing')
print(err "_ENV = nil; return x") --> attempt to index a nil value (upvalue '_ENV')
print(err "local _ENV = 5; return x") --> attempt to index a number value (local '_ENV')
print(err "local _ENV <const> = nil; x = 1") --> attempt to index a nil value
print(err "local t = {}; t[1][2] = 3") --> attempt to index a nil value (field 'integer index')
print(err "local t = {}; return t[-1].x") --> attempt to index a nil value (field '?')
print(err "local t = {}; return t[true].x") --> attempt to index a nil value (field '?')
print(err "local t = {}; local k = {}; return t[k].x") --> attempt to index a nil value (field '?')
print(err "local t = {}; return t[1 + 1].x") --> attempt to index a nil value (field 'integer index')
print(err "local t = {}; local i = 3; return t[i + 1].y") --> attempt to index a nil value (field '?')
print(err "local t = {{}}; return t[1].a.b") --> attempt to index a nil value (field 'a')
print(err "local t = {}; return t['a b'].x") --> attempt to index a nil value (field 'a b')
print(err("local a" .. ("x"):rep(100) .. "; return a" .. ("x"):rep(100) .. ".y"))
--> attempt to index a nil value (local 'axxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx')
print(err("return g" .. ("y"):rep(60) .. ".z"))
--> attempt to index a nil value (global 'gyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy')
print(err "local function f() return nil end; f().x = 1") --> attempt to index a nil value
print(err "local function f() return {} end; return f().a.b") --> attempt to index a nil value (field 'a')
print(err "return ({}).x.y") --> attempt to index a nil value (field 'x')
print(err "return ({})[1]()") --> attempt to call a nil value (field 'integer index')
print(err "return (nil).x") --> attempt to index a nil value
print(err "return ('x').y.z") --> attempt to index a nil value (field 'y')
print(err "return (5).x") --> attempt to index a number value
print(err "local b = true; return b.x") --> attempt to index a boolean value (local 'b')
print(err "local n = 5; n.x = 1") --> attempt to index a number value (local 'n')
print(err "local n = 5; n()") --> attempt to call a number value (local 'n')
print(err "local s = 'x'; s()") --> attempt to call a string value (local 's')
print(err "a.b.c.d = 1") --> attempt to index a nil value (global 'a')
print(err "a = {}; a.b.c = 1") --> attempt to index a nil value (field 'b')
print(err "a = {}; a.b.c.d = 1") --> attempt to index a nil value (field 'b')
print(err "a = {b = {}}; a.b.c.d = 1") --> attempt to index a nil value (field 'c')
print(err "a = {b = {}}; a.b.c()") --> attempt to call a nil value (field 'c')
print(err "a = {b = {}}; a.b:c()") --> attempt to call a nil value (method 'c')
print(err "a = {b = 5}; a.b:c()"); a = nil --> attempt to index a number value (field 'b')
print(err "local a <const> = nil; return a.x") --> attempt to index a nil value
print(err "local a <const> = 5; return a.x") --> attempt to index a number value
print(err "local a <const> = 'str'; return a.x.y") --> attempt to index a nil value (field 'x')
print(err "local a <const> = nil; a()") --> attempt to call a nil value
print(err "local a <const> = {}; return a.x.y") --> attempt to index a nil value (field 'x')
print(err "return math.huge.x") --> attempt to index a number value (field 'huge')
print(err "return math.huge()") --> attempt to call a number value (field 'huge')
print(err "return math.pi .. {}") --> attempt to concatenate a table value
print(err "return string.format.x") --> attempt to index a function value (field 'format')
print(err "return #math.pi") --> attempt to get length of a number value (field 'pi')
print(err "return math < string") --> attempt to compare two table values
print(err "return -math") --> attempt to perform arithmetic on a table value (global 'math')
print(err "return 1 .. {} .. 2") --> attempt to concatenate a table value
print(err "return {} .. 1") --> attempt to concatenate a table value
print(err "local a, b, c = 1, nil, 2; return a .. b .. c") --> attempt to concatenate a nil value (local 'b')
print(err "local a, b, c = 1, 2, nil; return a .. b .. c") --> attempt to concatenate a nil value (local 'c')
print(err "local a, b = nil, nil; return a .. b") --> attempt to concatenate a nil value (local 'a')
print(err "return 10 + nil") --> attempt to perform arithmetic on a nil value
print(err "return nil + 10") --> attempt to perform arithmetic on a nil value
print(err "return 'a' + 10") --> attempt to add a 'string' with a 'number'
print(err "local x = 'a'; return x * {}") --> attempt to mul a 'string' with a 'table'
print(err "return {} + {}") --> attempt to perform arithmetic on a table value
print(err "return 2 ^ {}") --> attempt to perform arithmetic on a table value
print(err "local x; return 2 // x") --> attempt to perform arithmetic on a nil value (local 'x')
print(err "local x; return x // 2.5") --> attempt to perform arithmetic on a nil value (local 'x')
print(err "local x = {}; x = x + 1") --> attempt to perform arithmetic on a table value (local 'x')
print(err "local t = {}; t.x = t.x + 1") --> attempt to perform arithmetic on a nil value (field 'x')
print(err "local t = {}; t[1] = t[1] + 1") --> attempt to perform arithmetic on a nil value (field 'integer index')
print(err "count = count + 1") --> attempt to perform arithmetic on a nil value (global 'count')
print(err "local function f(a, b) return a.x + b.x end; f({x = 1}, {})") --> attempt to perform arithmetic on a nil value (field 'x')
print(err "local function f(a, b) return a.x + b.x end; f({}, {x = 1})") --> attempt to perform arithmetic on a nil value (field 'x')
print(err "local t = setmetatable({}, {__index = function(t, k) return k.x.y end}); return t.a")
--> attempt to index a nil value (field 'x')
print(err "local t = setmetatable({}, {__add = 5}); return t + 1") --> attempt to call a number value (metamethod 'add')
print(err "local t = setmetatable({}, {__index = 5}); return t.x.y") --> attempt to index a number value
print(err "for i = 1, 10 do local x = i.a.b end") --> attempt to index a number value (local 'i')
print(err "for _, v in ipairs({1}) do v() end") --> attempt to call a number value (local 'v')
print(err "local t = {f = 1}; for i = 1, 1 do t.f() end") --> attempt to call a number value (field 'f')
print(err "local up = {}; local function f() return up.x.y end; return f()") --> attempt to index a nil value (field 'x')
print(err "local up; local function f() return function() return up.x end end; return f()()")
--> attempt to index a nil value (upvalue 'up')
