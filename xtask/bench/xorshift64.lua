-- group: integers
-- measures: shifts, exclusive or and rotation of 64-bit integers; a generator as a closure.
-- engines: lua54

local function xorshift(seed)
  local state = seed
  return function()
    state = state ~ (state << 13)
    state = state ~ (state >> 7)
    state = state ~ (state << 17)
    return state
  end
end

local function rotate(x, count) return (x << count) | (x >> (64 - count)) end

local function splitmix(seed)
  return function()
    seed = seed + 0x9e3779b97f4a7c15
    local z = seed
    z = (z ~ (z >> 30)) * 0xbf58476d1ce4e5b9
    z = (z ~ (z >> 27)) * 0x94d049bb133111eb
    return z ~ (z >> 31)
  end
end

local first, second = xorshift(88172645463325252), splitmix(42)
local mixed = 0
for _ = 1, 7000000 do mixed = rotate(mixed, 5) ~ first() ~ second() end

local population = 0
for index = 1, 420000 do
  local bits = first()
  while bits ~= 0 do
    bits = bits & (bits - 1)
    population = population + 1
  end
end
print(string.format("xorshift64 %x %d", mixed, population))
