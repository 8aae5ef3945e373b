-- Stacks that are deep while cycles run: frames return, fail, yield and are written from elsewhere.

local function work(amount)
  for i = 1, amount do local garbage = { i, { i } } end
  collectgarbage("step", 0)
end

local function down(levels, amount)
  local kept, more = { levels }, { tostring(levels) }
  if levels == 0 then work(amount) return 0 end
  if levels % 97 == 0 then work(amount) end
  local sum = down(levels - 1, amount) + 1
  if levels % 61 == 0 then work(amount) end
  local fresh = { kept }
  kept = nil
  if levels % 89 == 0 then work(amount) end
  assert(fresh[1][1] == levels and more[1] == tostring(levels))
  return sum
end
print(down(1500, 20)) --> 1500

-- Results go far down at once.
local function fail(levels, kept)
  local own = { levels, kept }
  if levels == 0 then work(10) error({ own }) end
  if levels % 500 == 0 then
    local ok, e = pcall(fail, levels - 1, own)
    work(5)
    assert(not ok and own[1] == levels)
    if levels % 1000 == 0 then error({ e, own }) end
    return fail(levels - 250, own)
  end
  fail(levels - 1, own)
  return own
end
local function length(e) local n = 0 while e do e, n = e[1], n + 1 if type(e) == "number" then break end end return n end
for round = 1, 2 do
  local ok, e = pcall(fail, 2000, {})
  assert(not ok and length(e) == 4)
end

-- Coroutines that wait deep down.
local function wait(levels, id)
  local kept = { id, levels }
  if levels == 0 then
    while true do
      local got = coroutine.yield(kept)
      if got == "back" then break end
      kept[3] = { got }
      work(2)
    end
  else
    wait(levels - 1, kept)
  end
  assert(kept[2] == levels)
  return id
end
local waiting = {}
for i = 1, 6 do waiting[i] = coroutine.wrap(wait) waiting[i](i * 400, { i }) end
local count = 0
for round = 1, 24 do
  local kept = waiting[round % 6 + 1](round)
  count = count + kept[3][1]
  work(10)
end
print(count) --> 300
for i = 1, 6 do count = count + waiting[i]("back")[1] end
print(count) --> 321

-- Variables of deep frames, written through closures and the debug library.
local getters, setters = {}, {}
local function capture(levels)
  local value, plain = { levels }, { -levels }
  if levels % 100 == 0 then
    getters[#getters + 1] = function() return value end
    setters[#setters + 1] = function(new) value = new end
  end
  if levels == 0 then
    work(20)
    for i = 1, #setters do
      setters[i]({ getters[i]()[1] + 1 })
      if i % 3 == 0 then work(5) end
    end
    for level = 100, 1500, 100 do
      local name, old = debug.getlocal(level, 3)
      assert(name == "plain", name)
      debug.setlocal(level, 3, { old[1] - 1 })
      work(5)
    end
    return 0
  end
  local below = capture(levels - 1)
  work(levels % 50 == 0 and 5 or 0)
  return below + value[1] - levels + plain[1] + levels
end
print(capture(2000)) --> 5
print(#getters, getters[1]()[1], getters[21]()[1]) --> 21	2001	1

-- A stack that is deep no longer, and grows again.
local function grow(levels) local a, b, c, d = {}, {}, {}, { levels } if levels > 0 then grow(levels - 1) end assert(d[1] == levels) end
for round = 1, 3 do
  grow(1500)
  work(30)
  grow(round * 300)
  work(10)
end
local thread = coroutine.create(function() grow(1200) coroutine.yield() grow(1400) error({ "ends" }) end)
coroutine.resume(thread)
work(30)
local ok, e = coroutine.resume(thread)
print(ok, e[1], coroutine.status(thread)) --> false	ends	dead
local closed = coroutine.create(function() local function rec(n) local t <close> = n % 500 == 0 and setmetatable({}, { __close = function() work(3) end }) or nil if n == 0 then coroutine.yield() else rec(n - 1) end end rec(1500) end)
coroutine.resume(closed)
work(10)
print(coroutine.close(closed)) --> true
