-- Weak values: what is removed, what is not; sweeping during traversal; refills.
local function full() collectgarbage(); collectgarbage() end
local function count(t) local n = 0; for _ in pairs(t) do n = n + 1 end return n end
local w = setmetatable({}, {__mode = "v"})
local keep = {}
local function fill()
  for i = 1, 20 do w[i] = {i}; if i % 4 == 0 then keep[#keep + 1] = w[i] end end
  w.table, w.func, w.thread = {}, function() return w end, coroutine.create(print)
  w.string, w.number, w.boolean, w.light = "a string is a value" .. 1, 42, true, print
  w[keep] = {}
  w.kept = keep
end
fill()
full()
local present = {}
for i = 1, 20 do if w[i] then present[#present + 1] = w[i][1] end end
print(table.concat(present, " "), #keep) --> 4 8 12 16 20	5
print(w.table, w.thread, w.string, w.number, w.boolean, w.light == print, w[keep], w.kept == keep)
--> nil	nil	a string is a value1	42	true	true	nil	true
print(count(w)) --> 10
keep = nil
full()
print(w[4], w.kept, w.string, count(w)) --> nil	nil	a string is a value1	4
-- Strings are values: never removed, however they were made.
local s = setmetatable({}, {__mode = "v"})
for i = 1, 10 do s[i] = ("long string "):rep(10) .. i end
full()
print(count(s), #s[10]) --> 10	122
-- Removing while a traversal goes on.
local t = setmetatable({}, {__mode = "v"})
local anchors = {}
local function refill() for i = 1, 30 do local v = {i}; t["k" .. i] = v; if i % 3 == 0 then anchors[i] = v end end end
refill()
local function traverse() local visited = 0; for k, v in pairs(t) do visited = visited + 1; if visited == 1 then full() end end return visited end
print(traverse() >= 10) --> true
full()
print(count(t), t.k3[1], t.k30[1]) --> 10	3	30
-- Cache with weak values: the same object as long as somebody holds it.
local cache = setmetatable({}, {__mode = "v"})
local made = 0
local function get(k) local v = cache[k]; if not v then made = made + 1; v = {key = k}; cache[k] = v end return v end
local a = get "a"
full()
print(get "a" == a, made) --> true	1
local function temporary() return get("b").key end
print(temporary(), made) --> b	2
full()
print(temporary(), made) --> b	3
-- Changing the mode of a table that is already in use.
local plain = {}
for i = 1, 5 do plain[i] = {} end
full()
print(count(plain)); setmetatable(plain, {__mode = "v"}); full(); print(count(plain))
--> 5
--> 0
local mt = {}
local later = setmetatable({}, mt)
for i = 1, 5 do later[i] = {} end
mt.__mode = "v"; full(); print(count(later)) --> 0
mt.__mode = nil; for i = 1, 5 do later[i] = {} end
full(); print(count(later)) --> 5
mt.__mode = 5; full(); print(count(later)); mt.__mode = "xyz"; full(); print(count(later))
--> 5
--> 5
setmetatable(later, {__mode = "kv"}); full(); print(count(later)) --> 0
-- Values that are reachable through other weak tables only die together.
local x, y = setmetatable({}, {__mode = "v"}), setmetatable({}, {__mode = "v"})
local function link() local o = {}; x.o, y.o = o, o end
link(); full(); print(x.o, y.o) --> nil	nil
