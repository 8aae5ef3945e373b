-- __concat that is a Lua function, entered at once: two operands, more, and everything that may change.
local function try(f, ...) local r = table.pack(pcall(f, ...)); if not r[1] then r[2] = tostring(r[2]):gsub('^[^:]+:%d+: ', '') end return table.unpack(r, 1, r.n) end
local log = {}
local meta = {}
meta.__concat = function(a, b) return (type(a) == "table" and a[1] or a) .. (type(b) == "table" and b[1] or b) end
local t, u = setmetatable({ "t" }, meta), setmetatable({ "u" }, meta)
print(t .. "x", "x" .. t, t .. u, 1 .. t, t .. 1.5, "a" .. "b" .. t, t .. "a" .. "b", "a" .. t .. "b" .. u .. 3) --> tx	xt	tu	1t	t1.5	abt	tab	atbu3
-- What it gives is the operand of the next step, whatever it is; without a value nil.
local chain = setmetatable({}, { __concat = function(a, b) return setmetatable({ (type(a)) .. "+" .. (type(b)) }, meta) end })
print(("x" .. chain)[1], "y" .. ("x" .. chain), ("w" .. "x" .. chain)) --> string+table	ystring+table	wstring+table
local none = setmetatable({}, { __concat = function() end })
print(none .. "x", try(function() return "y" .. ("x" .. none) end)) --> nil	false	attempt to concatenate a nil value (constant 'x')
print(try(function() return "y" .. "x" .. none end)) --> false	attempt to concatenate a nil value (constant 'x')
-- Replaced in a loop: another function, a library function, a callable table, nothing.
local original, r = meta.__concat, {}
for i = 1, 6 do
  if i == 2 then meta.__concat = function() return "second" end end
  if i == 3 then meta.__concat = rawequal end
  if i == 4 then meta.__concat = setmetatable({}, { __call = function() return "called" end }) end
  if i == 5 then meta.__concat = nil end
  if i == 6 then meta.__concat = original end
  local ok, v = try(function() return t .. "x" end)
  r[i] = ok and tostring(v) or "error"
end
print(table.concat(r, " ")) --> tx second false called error tx
-- Yields, errors, recursion.
meta.__concat = function(a, b) return coroutine.yield("in") .. "!" end
local co = coroutine.wrap(function() local s = t .. "x"; return s .. (u .. t) end)
print(co(), co("one"), co("two")) --> in	in	one!two!
meta.__concat = function() error("bad", 0) end
print(try(function() return t .. "x" end)) --> false	bad
meta.__concat = function(a, b) if b > 0 then return a .. b - 1 end return "bottom" end
print(t .. 150) --> bottom
-- Operands that stay what they are, and many handlers in one expression.
meta.__concat = original
local a, b = "a", t
local c = a .. b
print(a, b == t, c, a .. b .. a .. b .. a) --> a	true	at	atata
