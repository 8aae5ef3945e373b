-- A shortcut that has no result runs once, whatever number of results is wanted.
local t = {}
local function one(...) return (table.insert(...)) end
for i = 1, 5 do
  table.insert(t, i)
  local nothing = table.insert(t, i)
  assert(nothing == nil)
  assert(one(t, i) == nil)
  local a, b = table.insert(t, i)
  assert(a == nil and b == nil)
  assert(select("#", table.insert(t, i)) == 0)
end
print(#t, table.concat(t, " ", 1, 10)) --> 25	1 1 1 1 1 2 2 2 2 2

-- Where the result is not wanted, what it would replace is still there.
local function calls(text, n)
  text:len(); string.byte(text, n); math.floor(n)
  local before, removed, after = text, table.remove(t), n
  return before, removed, after
end
print(calls("text", 2)) --> text	5	2
print(pcall(function() local x = ("x"):byte(1, 2, nil, {}) return x, (math.floor("a")) end)) --> false	opt_shortcut_results.lua:22: bad argument #1 to 'floor' (number expected, got string)

-- A field that is read through levels of `__index`, and one that weak tables and metatables keep apart.
local base = { x = 1 }
local weak = setmetatable({}, { __mode = "k", __index = base })
local level = setmetatable({}, { __index = weak })
local function x(object) return object.x end
local function mode(object) return object.__mode end
for i = 1, 20 do assert(x(level) == 1 and mode(level) == nil) end
print(x(level), mode(getmetatable(weak)), mode(level)) --> 1	k	nil
getmetatable(level).__mode = "v"
print(mode(getmetatable(level)), mode(setmetatable({}, { __index = getmetatable(level) }))) --> v	v
base.x = nil
print(x(level)) --> nil
setmetatable(base, { __index = function(_, key) return key .. "!" end })
print(x(level), mode(level)) --> x!	__mode!
setmetatable(level, nil)
print(x(level), mode(level)) --> nil	nil
