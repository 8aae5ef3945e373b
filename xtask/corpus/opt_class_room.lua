-- Objects of a class get the room that others of it came to need: nothing but memory may tell.

local function count(t) local n = 0 for _ in pairs(t) do n = n + 1 end return n end
local function object(class, fields)
  local o = setmetatable({}, class)
  for i = 1, fields do o["f" .. i] = i end
  for i = 1, fields do assert(o["f" .. i] == i) end
  assert(o["f" .. fields + 1] == nil and count(o) == fields)
  return o
end

-- Growing, shrinking, of all sizes in turn; `next` goes on while fields are cleared.
local C = {} C.__index = C
for _, fields in ipairs { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 1, 0, 3, 100, 2 } do
  local o = object(C, fields)
  for k in pairs(o) do o[k] = nil end
  assert(next(o) == nil)
  o.again = true
  assert(count(o) == 1)
end

-- A metatable of its own, a weak one, one with hidden names, one that changes.
local S = {} S.__index = S setmetatable(S, S)
S.__index = nil
for i = 1, 20 do S["s" .. i] = i end
print(count(S), S.s20) --> 20	20
local W = { __mode = "k" }
for i = 1, 10 do print(count(object(W, i))) end
--> 1
--> 2
--> 3
--> 4
--> 5
--> 6
--> 7
--> 8
--> 9
--> 10
W.__mode = nil
local w = object(W, 5)
W.__mode = "v"
w.f6 = {}
print(getmetatable(w) == W, w.f5, count(object(W, 7))) --> true	5	7
local changing = object(C, 4)
setmetatable(changing, W)
for i = 5, 12 do changing["f" .. i] = i end
print(changing.f12, count(changing)) --> 12	12

-- Array parts are as they were.
local list = setmetatable({}, C)
for i = 1, 100 do list[i] = i end
list.n = #list
print(#list, list.n, list[100], count(list)) --> 100	100	100	101

-- One large object does not make small ones large.
local function bytes(class)
  collectgarbage() collectgarbage()
  local before = collectgarbage("count")
  local all = {}
  for i = 1, 2000 do all[i] = setmetatable({}, class) all[i].x = i all[i].y = i end
  collectgarbage() collectgarbage()
  return (collectgarbage("count") - before) * 1024 / #all
end
local D = {}
object(D, 3000)
local small, beside = bytes {}, bytes(D)
print(beside - small < 120) --> true
