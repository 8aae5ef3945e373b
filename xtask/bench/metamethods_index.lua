-- group: metamethods
-- measures: `__index` and `__newindex` as functions, proxies, defaults, `__call`, `__len` by hand.

local function proxy(target)
  return setmetatable({}, {
    __index = function(_, key) return target[key] end,
    __newindex = function(_, key, value) target[key] = value end,
    __call = function(_, a, b) return a + b end,
  })
end

local function with_default(default)
  return setmetatable({}, { __index = function() return default end })
end

local target = { count = 0, one = 1 }
local outer = proxy(proxy(target))
local defaults = with_default(5)
local chain = setmetatable({}, {
  __index = setmetatable({}, { __index = setmetatable({ deep = 3 }, { __index = defaults }) }),
})

local total = 0
for index = 1, 2900000 do
  outer.count = outer.count + outer.one
  total = total + defaults[index] + chain.deep + chain.missing
  total = total + outer(index, 1) % 7
end
print(string.format("metamethods_index %d %d", total, target.count))
