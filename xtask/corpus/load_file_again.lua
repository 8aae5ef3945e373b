-- Files that change between loads, and the cache of their code.
local cache = require "codecache"
local name = os.tmpname()
local function write(text) local file = assert(io.open(name, "w")); file:write(text); file:close() end
-- Equal sizes, written one after the other: what was written last counts.
local sum = 0
for i = 1, 200 do write("return " .. i % 10); assert(dofile(name) == i % 10); sum = sum + loadfile(name)() end
print(sum) --> 900
write "return ..."; local one, two = loadfile(name), loadfile(name)
print(one ~= two, cache.identity(one) == cache.identity(two), one(1, 2)) --> true	true	1	2
print(debug.upvalueid(one, 1) ~= debug.upvalueid(two, 1)) --> true
print(loadfile(name, "t", {}) ~= nil, (select(2, loadfile(name, "b")))) --> true	attempt to load a text chunk (mode is 'b')
-- Errors are told each time, and the next version is loaded.
write "x = = 1"
for _ = 1, 2 do print((select(2, loadfile(name)):gsub("^.*:(%d+:)", "%1"))) end
--> 1: unexpected symbol near '='
--> 1: unexpected symbol near '='
write "#!first line\nreturn 7"; print(dofile(name)) --> 7
os.remove(name); print((select(2, loadfile(name)):gsub(name, "FILE", 1))) --> cannot open FILE: No such file or directory
-- What the cache is told.
print(cache.mode(), cache.mode "EXIST", cache.mode "OFF", cache.mode "ON") --> ON	ON	EXIST	OFF
print(pcall(cache.mode, "on")) --> false	bad argument #1 to 'codecache.mode' (unknown mode 'on')
write "return 1"; print(cache.replace {name}, dofile(name), cache.evict(name), cache.evict(name)) --> 1	1	2	0
write "return +"
local ok, message = cache.replace {name}
print(ok, (message:gsub("^.*:(%d+:)", "%1"))) --> nil	1: unexpected symbol near '+'
cache.clear(); print(cache.stats().entries, cache.identity(print)) --> 0	nil
os.remove(name)
