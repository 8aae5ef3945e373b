-- With `ROUNDS`, how much, and `fail`, a host function that is called every 100 rounds, if there is one.
local weak, keys = setmetatable({}, {__mode = "v"}), setmetatable({}, {__mode = "k"})
local huge, sleeping, kept = {}, {}, {}
for i = 1, 3000 do huge[i] = {i} end
local function sleeper(i)
  local a, b = {i}, i
  return coroutine.create(function()
    while true do
      coroutine.yield(function() return a[1], b end, function(x) a, b = {x}, x end)
    end
  end)
end
for round = 1, ROUNDS do
  local i = round % 50 + 1
  sleeping[i] = sleeping[i] or sleeper(i)
  local _, get, set = coroutine.resume(sleeping[i])
  set(round)
  local x, y = get()
  assert(x == round and y == round)
  kept[i] = {get = get, set = set, value = round}
  local other = kept[round * 7 % 50 + 1]
  if other then
    other.set(other.value)
    assert(other.get() == other.value)
  end
  if round % 5 == 0 then sleeping[i] = nil end
  huge[round * 31 % #huge + 1] = {round, "text " .. round % 40}
  weak[round % 30], keys[{}] = {round}, {round}
  assert(weak[round % 30][1] == round)
  if round % 10 == 0 then setmetatable({}, {__gc = function() finalized = (finalized or 0) + 1 end}) end
  if fail and round % 100 == 0 then pcall(fail, round) end
end
