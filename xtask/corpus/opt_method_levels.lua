-- Methods several classes up, remembered by call sites that see objects of all of them, while classes change.
local function class(base) local c = {}; c.__index = c; return base and setmetatable(c, base) or c end
local A = class(); local B = class(A); local C = class(B); local D = class(C); local E = class(D)
function A:name() return "A" end
local objects = {}; for i, c in ipairs { A, B, C, D, E } do objects[i] = setmetatable({}, c) end
local function all() local out = {}; for i = 1, 5 do local o = objects[i]; out[i] = o:name() end return table.concat(out) end
for i = 1, 20 do all() end; print(all())
function C:name() return "C" end; print(all()); for i = 1, 20 do all() end; print(all())
function E:name() return "E" end; print(all()); C.name = nil; print(all()); E.name = nil; print(all())
objects[4].name = function() return "own" end; print(all()); objects[4].name = nil; print(all())
rawset(objects[5], "name", function(self) return "raw" end); print(all()); objects[5].name = nil
B.__index = { name = function() return "b" end }; print(all()); B.__index = B; print(all())
B.__index = function(_, k) return function() return "f" .. k end end; print(all()); B.__index = B
setmetatable(D, { __index = A }); print(all()); setmetatable(D, C); C.__index = C; print(all())
A.name = nil; print(pcall(all) == false, (select(2, pcall(all)):gsub("^.-:%d+: ", "")))
setmetatable(A, { __index = function(_, k) return function(self) return self == objects[1] and "1" or "x" end end }); print(all())
setmetatable(A, nil); A.name = function() return "new" end; print(all())
for i = 1, 40 do A["extra" .. i] = i; B["more" .. i] = i; C["most" .. i] = i end; print(all()); for i = 1, 40 do A["extra" .. i] = nil end collectgarbage(); print(all())
local W = setmetatable({ name = function() return "weak" end }, { __mode = "k" }); W.__index = W; objects[2] = setmetatable({}, W); print(all())
objects[3] = setmetatable({ name = false }, A); print(pcall(all) == false); objects[3] = "text"; string.name = function(s) return s end; print(all()); string.name = nil
objects[3] = setmetatable({}, { __index = setmetatable({}, { __index = setmetatable({}, { __index = setmetatable({}, { __index = A }) }) }) }); print(all())
local deep = A; for i = 1, 30 do deep = setmetatable({}, { __index = deep }) end; objects[1] = deep; print(all(), deep.name == A.name)
local calls = 0; local function count(o) for i = 1, 3 do calls = calls + o:step(i) end end
local P = class(); function P:step(i) return i end; local Q = class(P); local p, q = setmetatable({}, P), setmetatable({}, Q)
for i = 1, 10 do count(p); count(q); if i == 5 then function Q:step(i) return 100 end end if i == 8 then Q.step = nil; function P:step() return 0 end end end print(calls)

--> AAAAA
--> AACCC
--> AACCC
--> AACCE
--> AAAAE
--> AAAAA
--> AAAownA
--> AAAAA
--> AAAAraw
--> Abbbb
--> AAAAA
--> Afnamefnamefnamefname
--> AAAAA
--> AAAAA
--> true	attempt to call a nil value (method 'name')
--> 1xxxx
--> newnewnewnewnew
--> newnewnewnewnew
--> newnewnewnewnew
--> newweaknewnewnew
--> true
--> newweaktextnewnew
--> newweaknewnewnew
--> newweaknewnewnew	true
--> 978
