-- next, pairs, ipairs: order of arrays, changes during traversal, __pairs, errors.
local function err(f, ...)
  local ok, message = pcall(f, ...)
  return ok and "ok" or (message:gsub("^[^:]+:%d+: ", ""))
end
local function keys(t) local o = {}; for k in pairs(t) do o[#o + 1] = tostring(k) end table.sort(o) return table.concat(o, " ") end
print(next({}), next({10}), next({10}, 1), next({a = 1}), next({a = 1}, "a")) --> nil	1	nil	a	nil
print(keys {1, 2, 3, x = 1, [2.5] = 1, [true] = 1}, #keys {} == 0) --> 1 2 2.5 3 true x	true
local out = {}
for i, v in ipairs {"a", "b", nil, "d"} do out[#out + 1] = i .. v end
for k, v in pairs {"p", "q"} do out[#out + 1] = k .. v end
print(table.concat(out, " ")) --> 1a 2b 1p 2q
-- The iterator triple.
local f, s, c = pairs {1}
print(f == next, type(s), c) --> true	table	nil
f, s, c = ipairs {1}
print(type(f), type(s), c, f(s, 0)) --> function	table	0	1	1
print(f({[5] = "x"}, 4), f({}, 0), f({[math.mininteger] = "wrap"}, math.maxinteger)) --> 5	nil	-9223372036854775808	wrap
-- Assigning to present fields and clearing them is fine during a traversal.
local t = {}
for i = 1, 20 do t[i] = i; t["s" .. i] = i end
local visits = 0
for k, v in pairs(t) do
  visits = visits + 1
  if type(k) == "string" then t[k] = nil else t[k] = -v end
end
print(visits, keys(t) == keys {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}, t[7]) --> 40	true	-7
-- A cleared key is still good for next, even after a collection.
local w = {a = 1, b = 2, c = 3}
local k = next(w)
w[k] = nil
collectgarbage()
local rest = 0
while true do k = next(w, k); if not k then break end rest = rest + 1 end
print(rest) --> 2
print(err(next, {}, "nokey"), err(next, {1, 2}, 3), err(next, {1}, 1.5), err(next, {}, 0 / 0), err(next), err(next, 5))
--> invalid key to 'next'	invalid key to 'next'	invalid key to 'next'	invalid key to 'next'	bad argument #1 to 'next' (table expected, got no value)	bad argument #1 to 'next' (table expected, got number)
print(err(pairs), err(pairs, nil), err(ipairs), err(pairs, 5), err(ipairs, nil))
--> bad argument #1 to 'pairs' (value expected)	ok	bad argument #1 to 'ipairs' (value expected)	ok	ok
-- __pairs: three results, any iterator; ipairs respects __index.
local mt = {__pairs = function(self) return function(_, k) k = (k or 0) + 1; if k <= 3 then return k, k * k, "third" end end, self, nil, "fourth" end}
for k, v, extra in pairs(setmetatable({}, mt)) do out[k] = v .. extra end
print(out[1], out[3], select("#", pairs(setmetatable({}, mt)))) --> 1third	9third	3
print(select("#", pairs(setmetatable({}, {__pairs = function() end}))), select("#", pairs {})) --> 3	3
local p = setmetatable({}, {__index = function(_, i) if i <= 4 then return "v" .. i end end})
local seen = {}
for i, v in ipairs(p) do seen[#seen + 1] = i .. "=" .. v end
print(table.concat(seen, " ")) --> 1=v1 2=v2 3=v3 4=v4
for i in ipairs "string" do error "a string has no element 1" end
for k in pairs(setmetatable({}, {__pairs = function() return next, {single = true} end})) do print(k) end --> single
print(err(function() for k in pairs(setmetatable({}, {__pairs = function() error("in __pairs", 0) end})) do end end)) --> in __pairs
-- Generic for: the control values, extra values, closing value, calls of the iterator.
local calls = {}
local function iterator(state, control) calls[#calls + 1] = tostring(state) .. tostring(control); if control < 3 then return control + 1, "x" end end
for a, b, c in iterator, "S", 0 do calls[#calls + 1] = a .. tostring(b) .. tostring(c); a = 100 end
print(table.concat(calls, " ")) --> S0 1xnil S1 2xnil S2 3xnil S3
print(err(function() for k in nil do end end), err(function() for k in {} do end end), err(function() local it = 5; for k in it do end end))
--> attempt to call a nil value (for iterator 'for iterator')	attempt to call a table value (for iterator 'for iterator')	attempt to call a number value (for iterator 'for iterator')
for k in setmetatable({}, {__call = function(self, s, c) if not c then return "called" end end}) do print(k) end --> called
for a in function(_, c) if c == nil then return false end end do print(a) end --> false
