-- An entry of a table with weak keys is there until its key is really gone (§2.5.4): a finalizer still finds it, and whoever
-- looks at any moment of a cycle before the finalizer does, too.
collectgarbage("incremental", 100, 25, 10)
local held = {}
local wide = setmetatable({}, {__mode = "v"})
for i = 1, 6000 do wide["key" .. i] = held end

local function count(weak)
  local n = 0
  for _ in next, weak do n = n + 1 end
  return n
end

-- What stands in `weak` is dead: a key with a finalizer, one that such an object refers to, one without.
local function fill(weak, log)
  local inner = {}
  local owner = {inner = inner, weak = weak, log = log}
  local meta = {__gc = function(o) o.log[#o.log + 1] = next(o.weak) ~= nil end}
  weak[setmetatable({weak = weak, log = log}, meta)] = held
  weak[setmetatable(owner, meta).inner] = held
  if count(weak) ~= 2 then print "not filled" end
  weak[{}] = held
end

local function step() return collectgarbage("step", 0) end
local wrong, looks, rounds = 0, 0, 0

-- Nobody looks for `skip` steps, since looking keeps; then at each step.
local function look_after(skip, mode)
  local weak, log = setmetatable({}, {__mode = mode}), {}
  fill(weak, log)
  for _ = 1, skip do
    if step() then return false end
  end
  local last = 3
  repeat
    local ended = step()
    local n = count(weak)
    if n > last or #log == 0 and n < 2 then wrong = wrong + 1 end
    last = n
    looks = looks + 1
  until ended
  return true
end

-- As above, but the table becomes a strong one.
local function strong_after(skip, mode)
  local weak, log = setmetatable({}, {__mode = mode}), {}
  fill(weak, log)
  for _ = 1, skip do
    if step() then return false end
  end
  local finalized = #log
  setmetatable(weak, nil)
  local n = count(weak)
  collectgarbage() collectgarbage()
  if finalized == 0 and n < 2 or count(weak) ~= n then wrong = wrong + 1 end
  return true
end

collectgarbage "stop"
for _, mode in ipairs {"k", "kv"} do
  for _, case in ipairs {look_after, strong_after} do
    for skip = 0, 2000 do
      collectgarbage()
      rounds = rounds + 1
      if not case(skip, mode) then break end
    end
  end
end
print(wrong, rounds >= 4) --> 0	true

-- Both finalizers find their entries, and the third key is gone; afterwards so are all.
local weak, log = setmetatable({}, {__mode = "k"}), {}
fill(weak, log)
collectgarbage()
print(#log, log[1], log[2]) --> 2	true	true
collectgarbage()
print(count(weak)) --> 0
