-- Errors thrown from every kind of operation inside of a loop leave the state usable for the next round.
local results, t, s = {}, {}, "str"
local operations = {
  function(i) return t.x.y end, function(i) t.x.y = 1 end, function(i) return s + 1 end, function(i) return t < t end, function(i) return #nil end, function(i) return t .. s end, function(i) return undefined_f() end,
  function(i) return s:nomethod() end, function(i) for k = 1, "x" do end end, function(i) return 1 // 0 end, function(i) return 1.5 | 1 end, function(i) error { code = i } end, function(i) error "text" end, function(i) return string.rep() end,
  function(i) return setmetatable({}, {__index = function() error("index", 0) end}).x end, function(i) for _ in nil do end end, function(i) local c <close> = setmetatable({}, {__close = function() error("close", 0) end}) end,
  function(i) return table.concat { {} } end, function(i) table.sort({3, 2, 1}, function() error("cmp", 0) end) end, function(i) return coroutine.wrap(function() error("wrapped", 0) end)() end, function(i) return select(-5, 1) end, function(i) return i end}
for round = 1, 3 do
  for i, op in ipairs(operations) do
    local before = #results
    local a, b, c = i, i * 2, "local " .. i
    local ok, m = pcall(op, i)
    assert(a == i and b == i * 2 and c == "local " .. i)
    results[before + 1] = (ok and "ok " or "") .. (type(m) == "table" and "code " .. m.code or tostring(m):gsub("^[^:]+:%d+: ", ""))
  end
end
for i = 1, #operations do assert(results[i] == results[i + #operations] and results[i] == results[i + 2 * #operations]); io.write(results[i], "\n") end
--> attempt to index a nil value (field 'x')
--> attempt to index a nil value (field 'x')
--> attempt to add a 'string' with a 'number'
--> attempt to compare two table values
--> attempt to get length of a nil value
--> attempt to concatenate a table value (upvalue 't')
--> attempt to call a nil value (global 'undefined_f')
--> attempt to call a nil value (method 'nomethod')
--> bad 'for' limit (number expected, got string)
--> attempt to divide by zero
--> number has no integer representation
--> code 12
--> text
--> bad argument #1 to 'rep' (string expected, got no value)
--> index
--> attempt to call a nil value (for iterator 'for iterator')
--> close
--> invalid value (table) at index 1 in table for 'concat'
--> cmp
--> wrapped
--> bad argument #1 to 'select' (index out of range)
--> ok 22
-- Deep protected calls: values on the stack of the frames between are intact.
local function nest(n, ...)
  local before = {...}
  if n == 0 then error("bottom", 0) end
  local x, y, z = n, n * n, tostring(n)
  local ok, m = pcall(nest, n - 1, n, ...)
  assert(not ok and x == n and y == n * n and z == tostring(n) and #before == select("#", ...))
  error(m .. n, 0)
end
print(pcall(nest, 9)) --> false	bottom123456789
-- Loops that catch, count and continue; the loop variables are what they were.
local caught, sum = 0, 0
for i = 1, 100 do local ok = pcall(function() if i % 3 == 0 then error(i) end sum = sum + i end); if not ok then caught = caught + 1 end end
print(caught, sum) --> 33	3367
for k, v in pairs {1, 2, 3} do local ok, e = pcall(error, v); assert(e == v and k == v) end
-- Upvalues shared with a function that failed.
local shared = 0
local function fails_after(n) for i = 1, n do shared = shared + 1 end local x = nil; return x.field end
for i = 1, 5 do pcall(fails_after, i) end
print(shared) --> 15
-- Errors in arguments: the call is not made; effects before stay.
local effects = {}
local function effect(v) effects[#effects + 1] = v; return v end
pcall(function() return effect(1) + effect(nil) + effect(3) end); pcall(function() print(effect(4), effect(5).x, effect(6)) end); pcall(function() local tt = {effect(7), effect(8)(), effect(9)} end)
for i, v in ipairs(effects) do effects[i] = v end
print(#effects, effects[1], effects[#effects]) --> 5	1	8
-- A coroutine that dies of an error does not disturb the one that resumed it.
local alive = coroutine.wrap(function() local total = 0; for i = 1, 6 do local ok = coroutine.resume(coroutine.create(function() if i % 2 == 0 then error(i) end return i end)); total = total + (ok and 1 or 10); coroutine.yield(total) end end)
local out = {}
for i = 1, 6 do out[i] = alive() end
print(table.concat(out, " ")) --> 1 11 12 22 23 33
-- The same error object through many levels, with a traceback only where asked.
local obj = {}
local function level(n) if n == 0 then error(obj) end local r = level(n - 1); return r end
print(select(2, pcall(level, 50)) == obj, select(2, xpcall(level, function(e) return e == obj end, 50)), (select(2, xpcall(level, debug.traceback, 3))) == obj)
--> true	true	true
-- assert and error as values in data structures.
local handlers = {error, assert, pcall, function() error() end}
for i, h in ipairs(handlers) do local r = table.pack(pcall(h, false, "message " .. i)); for j = 1, r.n do r[j] = tostring(r[j]) end print(table.concat(r, " ")) end
--> false bad argument #2 to 'error' (number expected, got string)
--> false message 2
--> true false attempt to call a boolean value
--> false nil
