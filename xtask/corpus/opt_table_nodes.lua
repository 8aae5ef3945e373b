-- Nodes of the hash part: where keys that collide go, keys of all kinds read and stored without a search for metamethods, hints of
-- traversals, ends of lists. The twin is a list of pairs.
local seed = 7; local function random(n) seed = seed * 16807 % 2147483647; return seed % n end
local function check(make, count)
  local t, keys, values, places = {}, {}, {}, {}
  for i = 1, count do
    local k = make(i)
    if places[k] then values[places[k]] = i else keys[#keys + 1] = k; places[k] = #keys; values[#keys] = i end
    t[k] = i
    if i % 7 == 0 then local at = random(#keys) + 1; t[keys[at]] = nil; values[at] = nil end
    if i % 11 == 0 then local at = random(#keys) + 1; t[keys[at]] = (t[keys[at]] or 0) + 1; values[at] = (values[at] or 0) + 1 end
  end
  local wrong, seen, left = 0, 0, 0
  for i = 1, #keys do if t[keys[i]] ~= values[i] then wrong = wrong + 1 end; if values[i] ~= nil then left = left + 1 end end
  for k, v in pairs(t) do seen = seen + 1; if values[places[k]] ~= v then wrong = wrong + 1 end end
  return wrong, seen == left
end
local objects = {}; for i = 1, 3000 do objects[i] = i % 3 == 0 and {} or i % 3 == 1 and function() return i end or coroutine.create(print) end
print(check(function() return random(1 << 31) - (1 << 30) end, 5000)); print(check(function(i) return i * 4096 end, 5000)); print(check(function(i) return i << 32 end, 3000))
print(check(function(i) return i + 0.25 end, 3000)); print(check(function() return objects[random(3000) + 1] end, 5000)); print(check(function(i) return "k" .. random(2000) end, 5000))
print(check(function(i) local kind = i % 5; return kind == 0 and i or kind == 1 and "s" .. i or kind == 2 and objects[i % 3000 + 1] or kind == 3 and -i or ("long"):rep(20) .. i end, 4000))
-- Tables with a metatable: a store must ask `__newindex`, a read `__index`, also of names that are new to the call site.
local log = {}; local function put(t, k, v) t[k] = v end; local function field(t, v) t.field = v end; local function get(t, k) return t[k] end
local m = {}; local t = setmetatable({}, m); put(t, "a", 1); put(t, 1 << 40, 2); put(t, m, 3); field(t, 4)
m.__newindex = function(t, k, v) log[#log + 1] = tostring(k == m and "m" or k) .. "=" .. tostring(v); rawset(t, k, v) end
put(t, "a", 5); put(t, "b", 6); put(t, 1 << 41, 7); put(t, log, 8); field(t, 9); t.field = nil; field(t, 10); field(t, nil); put(t, "c", nil); log[3] = log[3]:gsub("table.*=", "log=")
print(table.concat(log, " ")); m.__newindex = nil; t.c = 1; put(t, "d", nil); print(t.c, t.d, t.a, t.b, t[1 << 40], t[1 << 41], t[m], t[log], t.field)
m.__index = function(_, k) return "?" .. type(k) end; print(get(t, "a"), get(t, "zz"), get(t, 99), get(t, print), get(t, 1 << 40), get(t, 2.5)); m.__index = nil; print(get(t, "zz"), get(t, 99), get(t, print))
-- Weakness begins with a store that must be noticed, whatever way it comes.
for _, way in ipairs { function(m, k) m.__mode = k end, function(m, k) m["__" .. "mode"] = k end, function(m, k) rawset(m, "__mode", k) end } do
  local m = {}; local t = setmetatable({}, m); way(m, "k"); t[{}] = 1; t[m] = 2; collectgarbage(); local n = 0; for k in pairs(t) do n = n + 1 end; io.write(n, get(t, m), " ")
  way(m, nil); t[{}] = 1; collectgarbage(); n = 0; for k in pairs(t) do n = n + 1 end; io.write(n, tostring(m.__mode), "\n")
end
local plain = { __mode = "x" }; put(plain, "__mode", "y"); print(plain.__mode, get(plain, "__mode"), rawget(plain, "__mode")); put(plain, "__mode", nil); print(plain.__mode, next(plain))
-- Traversals whose table changes under the hint: fields cleared, the array part grown, one table after the other in one loop.
local t = {}; for i = 1, 40 do t["n" .. i] = i end; local sum = 0; for k, v in pairs(t) do sum = sum + v; t[k] = nil end; print(sum, next(t))
for i = 1, 8 do t[i] = i; t["n" .. i] = i end; sum = 0; for k, v in pairs(t) do sum = sum + v; t[k] = v + 1; if k == 8 then t[k] = nil end end; print(sum)
local tables = { { a = 1, b = 2 }, { 1, 2, x = 3 }, {} }; for round = 1, 2 do local n = 0; for i = 1, 3 do for k, v in pairs(tables[i]) do n = n + v end end; print(n) end
local co = coroutine.wrap(function() for k, v in pairs { p = 1, q = 2, r = 3 } do coroutine.yield(v) end end); local n = co() + co() + co(); print(n)
print(pcall(function() for k in pairs { a = 1, b = 2 } do local i = 1; while true do local name = debug.getlocal(2, i); if not name then break end if name == "k" then break end i = i + 1 end; error("out") end end) == false)
do local t = { a = 1, b = 2, c = 3 }; local f, s, c = pairs(t); local n = 0; for k, v in f, s, c do for k2, v2 in f, s, k do n = n + v2 end end; print(n == 8 or n == 7 or n == 5 or n == 4 or n) end
-- Lists end at the first nil, wherever it stands, unless a metamethod knows more.
local function count(t) local n = 0; for i, v in ipairs(t) do n = n + v end return n end
print(count {}, count { 1, 2, nil, 4 }, count { 1, 2, [3] = 3, [4] = 4 }, count { [1] = 5, [2] = 6, x = 1 }, count { n = 1 }, count(setmetatable({ 1 }, { __index = function(_, i) return i < 5 and i or nil end })), count(setmetatable({ 1, 2 }, { __index = { 9, 9, 3 } })))
local grow = { 1 }; n = 0; for i, v in ipairs(grow) do n = n + 1; if i < 20 then grow[i + 1] = v end end; print(n); n = 0; for i in ipairs(grow) do n = n + 1; grow[#grow] = nil end; print(n)
-- Iterators that are Lua functions: with fewer parameters than they get, more, none, results missing; errors and yields inside.
local function three(s, c) if c < 3 then return c + 1, s end end; for i, s, z in three, "s", 0 do io.write(i, s, tostring(z), " ") end print()
local k = 0; for v in function() k = k + 1; if k < 4 then return k end end do io.write(v, " ") end; for a, b in function(...) if select("#", ...) == 2 and ... == nil then return false end end do print(a, b) break end
print(pcall(function() for _ in function() error("inside", 0) end do end end)); for v in coroutine.wrap(function() for v in function(_, c) coroutine.yield("y"); return (c or 0) < 2 and (c or 0) + 1 or nil end do coroutine.yield(v) end end) do io.write(v, " ") end print()

--> 0	true
--> 0	true
--> 0	true
--> 0	true
--> 0	true
--> 0	true
--> 0	true
--> b=6 2199023255552=7 log=8 field=10 c=nil
--> 1	nil	5	6	2	7	3	8	nil
--> 5	?string	?number	?function	2	?number
--> nil	nil	nil
--> 12 2nil
--> 12 2nil
--> 12 2nil
--> y	y	y
--> nil	nil
--> 820	nil
--> 72
--> 9
--> 9
--> 6
--> true
--> true
--> 0	3	10	11	0	10	6
--> 20
--> 10
--> 1snil 2snil 3snil 
--> 1 2 3 false	nil
--> false	inside
--> y 1 y 2 y 
