-- Weak tables and finalizers so large that they are dealt with in slices, while the program uses them.
local N = 600
local function some_garbage() for i = 1, 10 do local _ = {i, {}} end end
local function kept(i) return i % 3 == 0 end

-- Values: what is kept is always there, what has gone never comes back.
local values, ephemerons, both = setmetatable({}, {__mode = "v"}), setmetatable({}, {__mode = "k"}), setmetatable({}, {__mode = "kv"})
local hold, finalized, registered = {}, 0, 0
for i = 1, N do
  local o = {i}
  values[i], values["n" .. i] = o, o
  ephemerons[o] = {{o}}
  both[o] = o
  if kept(i) then hold[i] = o end
  if i % 5 == 0 then
    registered = registered + 1
    setmetatable(o, {__gc = function(o)
      finalized = finalized + 1
      assert(ephemerons[o][1][1] == o, "an entry of a finalizable key")
    end})
  end
end
local gone = {}
local function look(i)
  local o = values[i]
  if kept(i) then
    assert(o == hold[i] and o[1] == i and values["n" .. i] == o and both[o] == o and ephemerons[o][1][1] == o)
  elseif o == nil then
    gone[i] = true
  else
    assert(not gone[i] and o[1] == i, "an entry came back")
  end
end
local seed = 7
for round = 1, 600 do
  some_garbage()
  for _ = 1, 8 do
    seed = (seed * 16807) % 2147483647
    look(seed % N + 1)
  end
  if round % 10 == 0 then
    -- New entries move others; some tables grow.
    local o = {round}
    local i = round % N // 3 * 3 + 3
    if i <= N then hold[i], o[1] = o, i; values[i], values["n" .. i], both[o], ephemerons[o] = o, o, o, {{o}} end
  end
  if round % 60 == 0 then
    local count = 0
    for k, v in pairs(ephemerons) do count = count + 1; assert(v[1][1] == k) end
    for k, v in pairs(both) do assert(k == v) end
    for k, v in pairs(values) do assert(type(v[1]) == "number") end
    assert(count >= N // 3)
  end
end
for i = 3, N, 3 do look(i) end
collectgarbage() collectgarbage()
for i = 1, N do look(i) end
print(finalized <= registered, next(gone) ~= nil) --> true	true

-- A table that stops being weak holds what it still has.
local t = setmetatable({}, {__mode = "v"})
for round = 1, 12 do
  setmetatable(t, {__mode = "v"})
  for i = 1, 300 do t[i] = {i} end
  for _ = 1, round do some_garbage() end
  setmetatable(t, nil)
  local strong = {}
  for i = 1, 300 do strong[i] = t[i] or false end
  for _ = 1, 10 do some_garbage() end
  for i = 1, 300 do assert(t[i] == (strong[i] or nil) and (not t[i] or t[i][1] == i)) end
end

-- A chain through an ephemeron table holds together.
local chain, first = setmetatable({}, {__mode = "k"}), {}
local last = first
for i = 1, 500 do local new = {i}; chain[last] = new; last = new end
for round = 1, 60 do some_garbage() end
local length, at = 0, first
while chain[at] do at, length = chain[at], length + 1 end
print(length) --> 500

-- A metatable that is weak and its own: its handlers are there, or they have gone.
local class = setmetatable({}, {__mode = "kv"})
class.__mode, class.__index = "kv", function(_, key) return key .. "!" end
setmetatable(class, class)
local object = setmetatable({}, class)
for round = 1, 60 do
  some_garbage()
  local answer = object.a
  assert(answer == "a!" or answer == nil)
end
