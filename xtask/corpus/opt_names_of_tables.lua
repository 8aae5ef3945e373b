-- A table knows roughly which names it may have: a name must never be taken for absent that is there, whichever way it came.

local Class = { __index = {} }
local names = {}
for i = 1, 200 do
  names[i] = "n" .. i
  Class.__index[names[i]] = function() return "class" end
end

-- A method of the object's own goes before the class's, for every way of entering it.
local ask = {}
for i, name in ipairs(names) do ask[i] = assert(load("local o = ... return o:" .. name .. "()")) end
local get = {}
for i, name in ipairs(names) do get[i] = assert(load("local o = ... return o." .. name)) end
local function count(o, from, to)
  local class, own = 0, 0
  for i = from, to do
    local answer = ask[i](o)
    assert((get[i](o) == Class.__index[names[i]]) == (answer == "class"))
    if answer == "class" then class = class + 1 else own = own + 1 end
  end
  return class .. " " .. own
end
local function mine() return "own" end

local o = setmetatable({}, Class)
print(count(o, 1, 200)) --> 200 0
for i = 1, 200, 2 do
  o[names[i]] = mine
  assert(ask[i](o) == "own" and (i == 200 or ask[i + 1](o) == "class"))
end
print(count(o, 1, 200)) --> 100 100

-- Removed, and entered again after a rehash.
for i = 1, 200, 2 do o[names[i]] = nil end
print(count(o, 1, 200)) --> 200 0
for i = 1, 1000 do o[i * 3.5] = i end
print(count(o, 1, 200)) --> 200 0
for i = 1, 200, 4 do rawset(o, names[i], mine) end
print(count(o, 1, 200)) --> 150 50

-- Constructors, and fields that came by `next` order of another table.
local copy = setmetatable({}, Class)
for k, v in pairs(o) do copy[k] = v end
print(count(copy, 1, 200)) --> 150 50
print(count(setmetatable({ n3 = mine, n199 = mine }, Class), 1, 200)) --> 198 2
print(count(setmetatable({ n1 = nil, n2 = mine }, Class), 1, 3)) --> 2 1

-- Small tables grow node by node; every size must find its names.
for size = 1, 40 do
  local small = setmetatable({}, Class)
  for i = 1, size do small[names[i]] = mine end
  assert(count(small, 1, 200) == (200 - size) .. " " .. size)
  for i = 1, size, 3 do small[names[i]] = nil end
  local gone = (size + 2) // 3
  assert(count(small, 1, 200) == (200 - size + gone) .. " " .. (size - gone))
end

-- Weak tables hide their names, but have them.
local weak = setmetatable({}, { __mode = "v", __index = Class.__index })
weak.n5 = mine
print(count(weak, 1, 10)) --> 9 1
local becomes = setmetatable({ n7 = mine }, { __index = Class.__index })
print(count(becomes, 1, 10)) --> 9 1
getmetatable(becomes).__mode = "k"
print(count(becomes, 1, 10)) --> 9 1
getmetatable(becomes).__mode = nil
becomes.n8 = mine
print(count(becomes, 1, 10)) --> 8 2

-- `__index` of a metatable in use is hidden from fast paths; as a method it is still the table's own.
local callable = setmetatable({}, { __call = function(_, _, k) return "own " .. k end, __index = { y = 1 } })
local Meta = { __index = { __index = function(_, k) return "class " .. k end } }
local plain, hides = setmetatable({}, Meta), setmetatable({ __index = callable }, Meta)
print(setmetatable({}, hides).y) --> 1
local function index(x) return x:__index("k") end
print(index(plain), index(hides), index(plain)) --> class k	own k	class k

-- Library tables are copied whole.
local library = setmetatable(string, { __index = { absent = function() return "behind" end } })
print(library.absent(), library:absent(), (library.rep("a", 2))) --> behind	behind	aa
setmetatable(string, nil)

-- More nodes than a small count holds; numbers, because they need no memory of their own.
local large = setmetatable({}, Class)
for i = 1, 70000 do large[i + 0.5] = i end
for i = 1, 200, 2 do large[names[i]] = mine end
print(count(large, 1, 200), large[1.5], large[70000.5], large[70001.5]) --> 100 100	1	70000	nil
for i = 1, 70000 do large[i + 0.5] = nil end
for i = 1, 70000 do large[-i - 0.5] = i end
print(count(large, 1, 200), large[1.5], large[-1.5], large[-70000.5]) --> 100 100	nil	1	70000
