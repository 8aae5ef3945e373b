-- Arithmetic and bitwise metamethods: which operand's is used, arguments, results.
local function show(v) return type(v) == "table" and v.name or tostring(v) end
local function tag(name) return function(a, b, ...) return name .. "(" .. show(a) .. "," .. show(b) .. ")" .. select("#", ...), "second result" end end
local events = {"add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr", "unm", "bnot"}
local mt1, mt2 = {}, {}
for _, e in ipairs(events) do mt1["__" .. e] = tag("1" .. e); mt2["__" .. e] = tag("2" .. e) end
local a, b = setmetatable({name = "a"}, mt1), setmetatable({name = "b"}, mt2)
print(a + b, b + a, a + 1, 1 + a, a + "x", "x" + a, a + nil, nil + a)
--> 1add(a,b)0	2add(b,a)0	1add(a,1)0	1add(1,a)0	1add(a,x)0	1add(x,a)0	1add(a,nil)0	1add(nil,a)0
print(a - b, a * 2, 2 / a, a % 2.5, 2 ^ a, a // a, -a, -b)
--> 1sub(a,b)0	1mul(a,2)0	1div(2,a)0	1mod(a,2.5)0	1pow(2,a)0	1idiv(a,a)0	1unm(a,a)0	2unm(b,b)0
print(a & b, 1 | a, a ~ 1.5, 1 << a, a >> "z", ~a, ~b, a & 1.5)
--> 1band(a,b)0	1bor(1,a)0	1bxor(a,1.5)0	1shl(1,a)0	1shr(a,z)0	1bnot(a,a)0	2bnot(b,b)0	1band(a,1.5)0
print("10" + a, a - "10", "abc" * b, true + a, a ^ false) --> 1add(10,a)0	1sub(a,10)0	2mul(abc,b)0	1add(true,a)0	1pow(a,false)0
print(a + 1000000, 1000000 + a, a - 1, a - 127, a - 128, a + 0.5, 0.5 + a, a * -1, a // 1.0, a % -3)
--> 1add(a,1000000)0	1add(1000000,a)0	1sub(a,1)0	1sub(a,127)0	1sub(a,128)0	1add(a,0.5)0	1add(0.5,a)0	1mul(a,-1)0	1idiv(a,1.0)0	1mod(a,-3)0
print(a & 0xFF, 0xFF & a, a | 1 << 40, a << 1, 1 << a, a >> 1, 2 >> a, a ~ -1, -1 ~ a)
--> 1band(a,255)0	1band(255,a)0	1bor(a,1099511627776)0	1shl(a,1)0	1shl(1,a)0	1shr(a,1)0	1shr(2,a)0	1bxor(a,-1)0	1bxor(-1,a)0
-- Only one operand has it.
local plain = {name = "plain"}
print(plain + a, a + plain, 1 // b, b // 1, plain << b) --> 1add(plain,a)0	1add(a,plain)0	2idiv(1,b)0	2idiv(b,1)0	2shl(plain,b)0
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
print(err(function() return plain + 1 end), err(function() return -plain end), err(function() return plain & 1 end), err(function() return ~plain end))
--> attempt to perform arithmetic on a table value (upvalue 'plain')	attempt to perform arithmetic on a table value (upvalue 'plain')	attempt to perform bitwise operation on a table value (upvalue 'plain')	attempt to perform bitwise operation on a table value (upvalue 'plain')
print(err(function() return plain + setmetatable({}, {__sub = print}) end), err(function() return setmetatable({}, {__add = 5}) + 1 end))
--> attempt to perform arithmetic on a table value (upvalue 'plain')	attempt to call a number value (metamethod 'add')
-- Any value can be the result; callable tables work as metamethods.
local V = {}
V.__index = V
V.__add = setmetatable({}, {__call = function(self, x, y) return setmetatable({x.n + y.n}, {}) end})
V.__unm = function(v, same) return v == same end
V.__len, V.__bnot = function() return nil end, function() return false end
local v = setmetatable({n = 4}, V)
print((v + v)[1], -v, #v, ~v, not ~v) --> 8	true	nil	false	true
-- Vectors: expressions that mix scalars and objects.
local Vec = {}
Vec.__index = Vec
local function vec(x, y) return setmetatable({x = x, y = y}, Vec) end
Vec.__add = function(p, q) return vec(p.x + q.x, p.y + q.y) end
Vec.__sub = function(p, q) return vec(p.x - q.x, p.y - q.y) end
Vec.__mul = function(p, q)
  if type(p) == "number" then return vec(p * q.x, p * q.y) end
  if type(q) == "number" then return vec(p.x * q, p.y * q) end
  return p.x * q.x + p.y * q.y
end
Vec.__unm = function(p) return vec(-p.x, -p.y) end
Vec.__tostring = function(p) return "<" .. p.x .. "," .. p.y .. ">" end
Vec.__eq = function(p, q) return p.x == q.x and p.y == q.y end
local p, q = vec(1, 2), vec(3, 4)
print(tostring(p + q * 2 - -p), p * q, tostring(2 * p), p + q == vec(4, 6), p * 2 ~= vec(2, 4), tostring((p + q) * (p * p)))
--> <8,12>	11	<2,4>	true	false	<20,30>
-- Userdata and primitive types through debug.setmetatable.
debug.setmetatable(nil, {__add = function(x, y) return "nil add" end, __unm = function() return "minus nil" end})
print(nil + 1, 1 + nil, -nil) --> nil add	nil add	minus nil
debug.setmetatable(nil, nil)
debug.setmetatable(true, {__bor = function(x, y) return x or y end, __band = function(x, y) return x and y end})
print(true | false, false | false, true & true, 1 & true) --> true	false	true	true
debug.setmetatable(true, nil)
print(err(function() return nil + 1 end), err(function() return true | false end))
--> attempt to perform arithmetic on a nil value	attempt to perform bitwise operation on a boolean value
