-- Fresh loop variables per iteration, for numeric and generic loops, with break, goto and continue.
local fs = {}
for i = 1, 4 do
  if i == 3 then goto continue end
  fs[#fs + 1] = function(d) i = i + (d or 0); return i end
  ::continue::
end
print(fs[1](), fs[2](), fs[3](), #fs) --> 1	2	4	3
fs[1](10)
print(fs[1](), fs[2](), fs[3]()) --> 11	2	4
local gs = {}
for k, v in ipairs {"a", "b", "c"} do gs[k] = {get = function() return k, v end, set = function(x) v = x end} end
gs[2].set "changed"
print(gs[1].get(), gs[2].get(), gs[3].get()) --> 1	2	3	c
print(gs[2].get()) --> 2	changed
-- Closures made before a break keep the value.
local kept
for i = 1, 10 do local sq = i * i; if sq > 20 then kept = function() return i, sq end break end end
print(kept()) --> 5	25
-- goto backwards makes new locals each time.
local hs, n = {}, 0
::again::
local fresh = n
hs[#hs + 1] = function() fresh = fresh + 100; return fresh end
n = n + 1
if n < 3 then goto again end
print(hs[1](), hs[1](), hs[2](), hs[3]()) --> 100	200	101	102
-- Nested loops capture both variables.
local pairs_seen = {}
for i = 1, 2 do for j = 1, 2 do pairs_seen[#pairs_seen + 1] = function() return i .. j end end end
local out = {}
for _, f in ipairs(pairs_seen) do out[#out + 1] = f() end
print(table.concat(out, " ")) --> 11 12 21 22
-- A closure called in its own iteration changes the copy only.
local trace = {}
for i = 1, 3 do
  local function bump() i = i * 10; return i end
  trace[#trace + 1] = bump()
  trace[#trace + 1] = i
end
print(table.concat(trace, " ")) --> 10 10 20 20 30 30
-- Closures stored in the iterated table; loop over closures that modify a shared outer.
local total = 0
local adders = {}
for i = 1, 5 do adders[i] = function() total = total + i end end
for _, f in ipairs(adders) do f() end
print(total) --> 15
-- While with a captured condition variable.
local x, log = 3, {}
local function dec() x = x - 1; return x end
while x > 0 do log[#log + 1] = dec() end
print(table.concat(log, " "), x) --> 2 1 0	0
-- A repeat loop's condition sees captured locals of the body.
local checks, m = {}, 0
repeat
  m = m + 1
  local done = m == 3
  checks[m] = function() return done end
until done
print(checks[1](), checks[2](), checks[3]()) --> false	false	true
-- Returning from inside of loops with open upvalues; coroutines that capture loop variables.
local function find(list, want) for i, v in ipairs(list) do if v == want then return function() return i end end end end
print(find({"x", "y"}, "y")(), find({"x"}, "z")) --> 2
local cos = {}
for i = 1, 3 do cos[i] = coroutine.wrap(function() while true do i = i + 1; coroutine.yield(i) end end) end
print(cos[1](), cos[1](), cos[2](), cos[3](), cos[3]()) --> 2	3	3	4	5
-- Errors thrown out of a loop close its upvalues.
local escaped
pcall(function() for i = 1, 3 do local v = "v" .. i; escaped = function() return v, i end if i == 2 then error "out" end end end)
print(escaped()) --> v2	2
