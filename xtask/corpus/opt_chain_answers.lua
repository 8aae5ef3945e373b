-- What lies behind `__index` is remembered for all instructions: for a metatable and a name, found or not. Every change that another
-- answer could come from is made in the middle of a loop that asks.
local function try(f) local ok, what = pcall(f); return ok, (what:gsub("^.-:%d+: ", "")) end
local function ask(o) return o.f, o.g, o.h, o["f"], o.missing end
local function show(o) for _ = 1, 3 do ask(o) end return table.concat({ tostring(o.f), tostring(o.g), tostring(o.h), tostring(o.missing) }, " ") end
local function class(base) local c = {}; c.__index = c; return setmetatable(c, base) end
local A = class(); local B = class(A); local C = class(B)
A.f, B.g, C.h = "Af", "Bg", "Ch"
local o, p = setmetatable({}, C), setmetatable({}, B)
print(show(o)); print(show(p))
A.missing = "now"; print(show(o)); A.missing = nil; print(show(o)) -- a name that was nowhere
B.f = "Bf"; print(show(o), show(p)); B.f = nil; print(show(o)); B.f = "again"; print(show(o)); rawset(B, "f", nil); print(show(o))
C.__index = B; print(show(o)); rawset(C, "__index", C); print(show(o)); C["__ind" .. "ex"] = A; print(show(o)); C.__index = nil; print(show(o)); C.__index = C; print(show(o))
setmetatable(B, nil); print(show(o)); setmetatable(B, { __index = { f = "other" } }); print(show(o)); setmetatable(B, A); print(show(o))
getmetatable(B).__index = function(t, k) return k .. (t == B and "B" or "?") end; print(show(o)); A.__index = A; print(show(o))
for i = 1, 50 do C["x" .. i] = i; A["y" .. i] = i end; print(show(o)); for i = 1, 50 do C["x" .. i] = nil end; print(show(o))
for k in pairs(B) do if k == "g" then B[k] = nil end end; print(show(o)); B.g = "Bg"; print(show(o))
o.f = "own"; print(show(o)); o.f = nil; print(show(o)); o.__index, o.__mode = "i", "m"; print(o.__index, o.__mode, p.__index == B, p.__mode)
setmetatable(o, B); print(show(o)); setmetatable(o, nil); print(show(o)); setmetatable(o, C); print(show(o))
-- The hidden `__index` can be seen by everyone who looks.
print(C.__index == C, rawget(C, "__index") == C, next({ [C.__index] = 1 }) == C); local seen = 0; for k, v in pairs(C) do if k == "__index" and v == C then seen = seen + 1 end end; print(seen)
local t = {}; for k, v in next, getmetatable(o) do t[k] = v end; print(t.__index == C, t.h)
-- Weak classes, and classes that become weak.
local W = setmetatable({ f = "weak" }, { __mode = "v" }); W.__index = W; local w = setmetatable({}, W); print(show(w)); collectgarbage(); print(show(w))
local M = { __index = {} }; local late = setmetatable({ f = "own" }, M); print(show(late)); M.__mode = "k"; print(show(late)); late.g = "two"; print(show(late)); M.__mode = nil; print(show(late))
-- Metatables come and go at the same addresses.
local sum = 0
for i = 1, 3000 do
  local m = { __index = { value = i, get = function(self) return self.value end } }
  local x = setmetatable({}, m)
  sum = sum + x.value + x:get() + (x.nothing or 0)
  if i % 1000 == 0 then collectgarbage() end
end
print(sum)
-- A prototype that changes at every step, and names that are keys of both kinds.
local proto = { n = 0 }; local user = setmetatable({}, { __index = proto }); local total = 0
for i = 1, 200 do proto["k" .. i] = i; total = total + user["k" .. i] + user.n; proto.n = i; if i % 3 == 0 then proto["k" .. i] = nil; total = total + (user["k" .. i] or 1000) end end
print(total)
-- Deep chains, loops of chains, strings.
local deep = { f = "bottom" }; for _ = 1, 40 do deep = setmetatable({}, { __index = deep }) end; print(show(deep))
local loop = {}; setmetatable(loop, { __index = setmetatable({}, { __index = loop }) }); print(try(function() return loop.f end))
local s = "text"; for i = 1, 4 do if i == 3 then string.shout = function(x) return x:upper() end end print(try(function() return s:shout() end)) end; string.shout = nil
print(try(function() return s:shout() end))

--> Af Bg Ch nil
--> Af Bg nil nil
--> Af Bg Ch now
--> Af Bg Ch nil
--> Bf Bg Ch nil	Bf Bg nil nil
--> Af Bg Ch nil
--> again Bg Ch nil
--> Af Bg Ch nil
--> Af Bg nil nil
--> Af Bg Ch nil
--> Af nil nil nil
--> nil nil nil nil
--> Af Bg Ch nil
--> nil Bg Ch nil
--> other Bg Ch nil
--> Af Bg Ch nil
--> fB Bg Ch missingB
--> Af Bg Ch nil
--> Af Bg Ch nil
--> Af Bg Ch nil
--> Af nil Ch nil
--> Af Bg Ch nil
--> own Bg Ch nil
--> Af Bg Ch nil
--> i	m	true	nil
--> Af Bg nil nil
--> nil nil nil nil
--> Af Bg Ch nil
--> true	true	true
--> 1
--> true	Ch
--> weak nil nil nil
--> weak nil nil nil
--> own nil nil nil
--> own nil nil nil
--> own two nil nil
--> own two nil nil
--> 9003000
--> 106000
--> bottom nil nil nil
--> false	'__index' chain too long; possible loop
--> false	attempt to call a nil value (method 'shout')
--> false	attempt to call a nil value (method 'shout')
--> true	TEXT
--> true	TEXT
--> false	attempt to call a nil value (method 'shout')
