-- pairs, ipairs and next are answered without a frame where they are plain, and their loops take two instructions in one step.
local function try(f, ...) local ok, what = pcall(f, ...); return ok, ok or (what:gsub("^.-:%d+: ", "")) end
local t = { 10, 20, x = 1 }
print(select("#", pairs(t)), select("#", ipairs(t)), select("#", next(t)), select("#", next({})), (next({}))) --> 3	3	2	1	nil
local f, s, c = pairs(t); print(f == next, s == t, c); f, s, c = ipairs(t); print(f(s, c), s == t, c) --> true	true	nil
--> 1	true	0
local a, b, d, e = pairs(t); print(a == next, b == t, d, e); a, b, d, e = ipairs("s"); print(b, d, e); a, b, d = next(t); print(a, b, d); a, b = next({}, nil); print(a, b) --> true	true	nil	nil
--> s	0	nil
--> 1	10	nil
--> nil	nil
print((pairs(t)) == next, #{ pairs(t) }, #{ next(t) }, #{ ipairs(t) }, (next(t, 2))) --> true	2	2	3	x
print(try(pairs)) --> false	bad argument #1 to 'pairs' (value expected)
print(try(function() return ipairs() end)) --> false	bad argument #1 to 'ipairs' (value expected)
print(try(function() return next() end)) --> false	bad argument #1 to 'next' (table expected, got no value)
print(try(function() local k = next(t, "none"); return k end)) --> false	invalid key to 'next'
print(try(function() local k = next("text"); return k end)) --> false	bad argument #1 to 'next' (table expected, got string)
print(try(function() for k in pairs(5) do end end)) --> false	bad argument #1 to 'for iterator' (table expected, got number)
print((try(function() for k in ipairs(nil) do end end))) --> false
-- `__pairs` may come at any time, and yield.
local m = {}; local p = setmetatable({ 1, 2 }, m)
local function walk() local out = {}; for k, v in pairs(p) do out[#out + 1] = k .. "=" .. v end return table.concat(out, " ") end
for round = 1, 4 do if round == 2 then m.__pairs = function(u) return function(_, k) if not k then return "k", #u end end, u end elseif round == 4 then m.__pairs = nil end io.write(walk(), "; ") end print() --> 1=1 2=2; k=2; k=2; 1=1 2=2; 
local co = coroutine.wrap(function() m.__pairs = function(u) coroutine.yield("in pairs"); return next, u end; local r = walk(); m.__pairs = nil; return r end); print(co(), co()) --> in pairs	1=1 2=2
-- Weak tables, tables that are cleared or grow during the loop, loops left and entered again.
local w = setmetatable({}, { __mode = "k" }); w[t] = 1; local n = 0; for k, v in pairs(w) do n = n + v end; for k, v in next, w do n = n + v end; print(n, next(w) == t) --> 2	true
local big = {}; for i = 1, 30 do big[i], big["k" .. i] = i, i end; n = 0; for k, v in pairs(big) do n = n + v; big[k] = nil end; print(n, next(big)) --> 930	nil
n = 0; for i = 1, 3 do for k, v in pairs { 1, 2, a = 3, b = 4 } do n = n + v; if v == 2 then break end end end; print(n) --> 9
local k, visited = nil, 0; for i = 1, 20 do big["v" .. i] = i end; repeat k = next(big, k); visited = visited + (k and 1 or 0) until not k; print(visited) --> 20
for i, v, extra in ipairs { 5 } do print(i, v, extra) end; for k, v, extra in pairs { 5 } do print(k, v, extra) end --> 1	5	nil
--> 1	5	nil
-- Replaced, wrapped, hooked.
local real = pairs; local calls = 0; pairs = function(u) calls = calls + 1; return real(u) end; walk(); pairs = real; walk(); print(calls) --> 1
local names = {}; debug.sethook(function() local name = debug.getinfo(2, "n").name; if name == "pairs" or name == "next" or name == "ipairs" then names[name] = true end end, "c"); walk(); local _ = next(t), ipairs(t); debug.sethook()
print(names.pairs, names.next, names.ipairs) --> true	true	true
for i = 1, 2 do local w = coroutine.wrap(next)({ [i] = i }); io.write(w, " ", select(2, pcall(next, { [i] = i })), " ") end print() --> 1 1 2 2 
