-- Proxies: tracking, read-only, default values, membranes, multiple receivers, arrays with offset, sets.
local function track(t, log)
  return setmetatable({}, {__index = function(_, k) log[#log + 1] = "get " .. tostring(k); return t[k] end, __newindex = function(_, k, v) log[#log + 1] = "set " .. tostring(k); t[k] = v end,
    __pairs = function() log[#log + 1] = "pairs"; return function(_, k) local nk, nv = next(t, k); if nk ~= nil then log[#log + 1] = "step " .. tostring(nk) end return nk, nv end end,
    __len = function() log[#log + 1] = "len"; return #t end, __call = function(_, ...) log[#log + 1] = "call " .. select("#", ...); return t.call and t.call(...) end})
end
local log = {}
local p = track({10, 20, call = function(a, b) return a + b end}, log)
print(p[1], #p, p(2, 3), p.missing); p[3] = 30; p.new = true --> 10	2	5	nil
for k, v in ipairs(p) do end
local n = 0
for k in pairs(p) do n = n + 1 end
table.sort(log, nil)
print(n, #log, log[1], log[#log]) --> 5	16	call 2	step new
-- Membrane: everything that passes is wrapped, identity is kept, and unwrapped when it comes back.
local function membrane(target)
  local wrapped, raw = setmetatable({}, {__mode = "k"}), setmetatable({}, {__mode = "k"})
  local wrap
  local function unwrap(v) return raw[v] or v end
  local function wrap_all(...) local t = table.pack(...); for i = 1, t.n do t[i] = wrap(t[i]) end return table.unpack(t, 1, t.n) end
  local function unwrap_all(...) local t = table.pack(...); for i = 1, t.n do t[i] = unwrap(t[i]) end return table.unpack(t, 1, t.n) end
  function wrap(v)
    if type(v) ~= "table" and type(v) ~= "function" then return v end
    if wrapped[v] then return wrapped[v] end
    local proxy = setmetatable({}, {__index = function(_, k) return wrap(v[k]) end, __newindex = function(_, k, x) v[k] = unwrap(x) end, __call = function(_, ...) return wrap_all(v(unwrap_all(...))) end, __len = function() return #v end, __name = "membrane", __metatable = "locked"})
    wrapped[v], raw[proxy] = proxy, v
    return proxy
  end
  return wrap(target), unwrap
end
local inner = {value = 1, list = {1, 2}}
function inner.get_self() return inner end
function inner.identity(x) return x, x == inner.list end
local outer, unwrap = membrane(inner)
print(outer.value, outer.get_self() == outer, outer.list == outer.list, outer.list[2], #outer.list, getmetatable(outer), unwrap(outer) == inner)
--> 1	true	true	2	2	locked	true
local back, same = outer.identity(outer.list)
print(back == outer.list, same); outer.value = 5; outer.list[3] = outer; print(inner.value, inner.list[3] == inner, outer.list[3] == outer)
--> true	true
--> 5	true	true
-- Default values with rawset, autovivification, counters, bags.
local function auto() return setmetatable({}, {__index = function(t, k) local v = auto(); rawset(t, k, v); return v end}) end
local a = auto()
a.x.y.z = 1; a.x.w = 2
print(a.x.y.z, a.x.w, rawget(a, "nothing"), next(a.x.q), rawget(a.x, "q") ~= nil) --> 1	2	nil	nil	true
local bag = setmetatable({}, {__index = function() return 0 end})
for c in ("mississippi"):gmatch "." do bag[c] = bag[c] + 1 end
print(bag.s, bag.i, bag.z) --> 4	4	0
-- Arrays with another base and bounds checks; negative indices; strings as arrays.
local function based(base, ...) local t = {...}; return setmetatable({}, {__index = function(_, i) if math.type(i) ~= "integer" or i < base or i >= base + #t then error("index " .. tostring(i) .. " out of bounds", 2) end return t[i - base + 1] end, __len = function() return #t end}) end
local z = based(0, "a", "b", "c")
print(z[0], z[2], #z, (select(2, pcall(function() return z[3] end)):gsub("^[^:]+:%d+: ", "")), pcall(function() return z[-1] end) == false)
--> a	c	3	index 3 out of bounds	true
local wrapindex = setmetatable({10, 20, 30}, {__index = function(t, i) if math.type(i) == "integer" and i < 0 then return rawget(t, #t + 1 + i) end end})
print(wrapindex[-1], wrapindex[-3], wrapindex[-4], wrapindex.x) --> 30	10	nil	nil
local smt = getmetatable("")
smt.__index = function(s, k) if math.type(k) == "integer" then return s:sub(k, k) end return string[k] end
print(("hello")[1], ("hello")[-1], ("hello"):upper(), ("x")[5] == "") --> h	o	HELLO	true
smt.__index = string
-- Sets with operators; comparison by inclusion; iteration in order.
local Set = {}
Set.__index = Set
local function set(l) local s = setmetatable({}, Set); for _, v in ipairs(l) do s[v] = true end return s end
Set.__add = function(x, y) local r = set {}; for k in next, x do r[k] = true end for k in next, y do r[k] = true end return r end
Set.__mul = function(x, y) local r = set {}; for k in next, x do if y[k] == true then r[k] = true end end return r end
Set.__sub = function(x, y) local r = set {}; for k in next, x do if y[k] ~= true then r[k] = true end end return r end
Set.__le = function(x, y) for k in next, x do if y[k] ~= true then return false end end return true end
Set.__lt = function(x, y) return x <= y and not (y <= x) end
Set.__eq = function(x, y) return x <= y and y <= x end
Set.__len = function(x) local k = 0; for _ in next, x do k = k + 1 end return k end
Set.__tostring = function(x) local l = {}; for k in next, x do l[#l + 1] = tostring(k) end table.sort(l); return "{" .. table.concat(l, ",") .. "}" end
Set.__pairs = function(x) local l = {}; for k in next, x do l[#l + 1] = k end table.sort(l); local i = 0; return function() i = i + 1; return l[i] end end
local s1, s2 = set {1, 2, 3}, set {2, 3, 4}
print(s1 + s2, s1 * s2, s1 - s2, #(s1 + s2), s1 <= s2, s1 * s2 <= s1, s1 * s2 < s1, s1 == set {3, 2, 1}, s1 ~= s2, s1 > set {}, set {} == set {})
--> {1,2,3,4}	{2,3}	{1}	4	false	true	true	true	true	true	true
local seen = {}
for k in pairs(s1 + s2) do seen[#seen + 1] = k end
print(table.concat(seen, " ")) --> 1 2 3 4
-- A chain of proxies and removal of a layer in the middle.
local base = {v = "base"}
local l1 = setmetatable({}, {__index = base}); local l2 = setmetatable({}, {__index = l1}); local l3 = setmetatable({}, {__index = l2})
print(l3.v); l1.v = "l1"; print(l3.v); setmetatable(l2, {__index = base}); print(l3.v); setmetatable(l2, nil); print(l3.v); l3.v = "own"; print(l3.v, base.v)
--> base
--> l1
--> base
--> nil
--> own	base
