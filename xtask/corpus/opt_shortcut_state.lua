-- The generator of math.random has one state, whichever way it is called.
local random, seed = math.random, math.randomseed

-- Plainly, under a hook, through pcall, as a coroutine, with numerals: the same numbers.
local function take(call)
  seed(42)
  local t = {}
  for i = 1, 6 do t[i] = call(1000) end
  return table.concat(t, " ")
end
local plain = take(random)
local ways = {
  hooked = function(n) debug.sethook(function() end, "c") local x = random(n) debug.sethook() return x end,
  protected = function(n) return select(2, pcall(random, n)) end,
  coroutine = function(n) return coroutine.wrap(random)(n) end,
  numeral = function(n) return random(tostring(n)) end,
  float = function(n) return random(n + 0.0) end,
  tail = function(n) return random(n) end,
  limits = function(n) return random(1, n) end,
}
for name, way in pairs(ways) do assert(take(way) == plain, name) end

-- Calls that fail take a number, too.
local function after(f, ...)
  seed(7)
  pcall(f, ...)
  return random(0)
end
local second = (function() seed(7) random(0) return random(0) end)()
print(after(random, 5, 1) == second, after(random, 1, 2, 3) == second, after(random, {}) == second) --> true	true	true

-- The limits, and what is not plain.
for i = 1, 200 do
  local x = random(3)
  assert(x >= 1 and x <= 3 and math.type(x) == "integer")
  assert(random(-2, -2) == -2)
  local y = random(math.mininteger, math.maxinteger)
  assert(math.type(y) == "integer")
  local z = random()
  assert(z >= 0 and z < 1 and math.type(z) == "float")
end
print(pcall(random, 2.5))       --> false	bad argument #1 to 'math.random' (number has no integer representation)
print(pcall(random, 0, -1))     --> false	bad argument #1 to 'math.random' (interval is empty)
print(pcall(random, 1, 2, 3))   --> false	wrong number of arguments
print(select("#", random(9)), (random(1, 1)))  --> 1	1

-- Types and states by shortcut and by call.
for _, v in ipairs {1, 1.5, "1", false} do
  local a = math.type(v)
  local _, b = pcall(math.type, v)
  io.write(tostring(a), a == b and "" or "!", " ")
end
print(pcall(math.type))         --> integer float nil nil false	bad argument #1 to 'math.type' (value expected)

local states, outer = {}, coroutine.running()
local co
co = coroutine.create(function()
  states[#states + 1] = coroutine.status(co)
  states[#states + 1] = coroutine.status(outer)
  states[#states + 1] = tostring(coroutine.isyieldable())
  local inner = coroutine.create(function() states[#states + 1] = coroutine.status(co) end)
  coroutine.resume(inner)
  states[#states + 1] = coroutine.status(inner)
  coroutine.yield()
end)
states[1] = coroutine.status(co)
coroutine.resume(co)
states[#states + 1] = coroutine.status(co)
coroutine.resume(co)
states[#states + 1] = coroutine.status(co)
print(table.concat(states, " "), coroutine.isyieldable())
--> suspended running normal true normal dead suspended dead	false
print(pcall(coroutine.status, 1))  --> false	bad argument #1 to 'coroutine.status' (thread expected, got number)
