-- Stores that go through `__newindex`: who has the key already, weak tables on the way, and what `__index` finds afterwards.

local log = {}
local function handler(t, k, v) log[#log + 1] = tostring(k) .. "=" .. tostring(v) end
local function logged() local s = table.concat(log, " ") log = {} return s end

-- A weak table that has the key takes the store itself, whatever the kind of key.
local notes
local function note(...)
  local all = table.pack(...)
  for i = 1, all.n do all[i] = tostring(all[i]) end
  notes[#notes + 1] = table.concat(all, " ")
end
for _, mode in ipairs { "k", "v", "kv" } do
  notes = {}
  local object = {}
  local t = setmetatable({}, { __mode = mode, __newindex = handler })
  rawset(t, "a", 1) rawset(t, 5, 1) rawset(t, 1, 1) rawset(t, object, 1) rawset(t, 1.5, 1)
  local name = "a"
  t.a = 2 t[name] = t.a + 1 t[5] = 3 t[1] = 4 t[object] = 5 t[1.5] = 6
  t.b = 1 t[6] = 2 t[name .. "b"] = 3
  note(t.a, t[5], t[1], t[object], t[1.5], logged())
  t.a = nil
  t.a = 7
  note(rawget(t, "a"), logged())

  local store = {}
  local w = setmetatable({}, { __mode = mode, __newindex = store })
  rawset(w, "x", 1)
  w.x = 2 w.y = 3 w[1] = 4
  note(w.x, store.x, store.y, rawget(w, "y"), store[1], rawget(w, 1))

  local behind = setmetatable({}, { __newindex = t })
  behind.a = 8 behind.c = 9
  note(logged())
  rawset(t, "a", 1)
  behind.a = 10
  note(t.a, logged(), rawget(behind, "a"))
  for i = 1, 5 do assert(notes[i] == ({
    "3 3 4 5 6 b=1 6=2 ab=3",
    "nil a=7",
    "2 nil 3 nil 4 nil",
    "a=8 c=9",
    "10  nil",
  })[i], notes[i]) end
end

-- A value that dies in a weak table leaves the key to the handler.
do
  local t = setmetatable({}, { __mode = "v", __newindex = handler })
  rawset(t, "gone", {})
  collectgarbage() collectgarbage()
  t.gone = 1
  print(rawget(t, "gone"), logged()) --> nil	gone=1
end

-- Proxies: both ways lead to one table. What it gains, loses and changes is seen at once.
do
  local below = { b = "below", c = "c" }
  local store = setmetatable({ a = 1 }, { __index = below })
  local p = setmetatable({}, { __index = store, __newindex = store })
  local seen = {}
  for i = 1, 12 do
    p.a = i
    seen[#seen + 1] = p.a
    if i % 4 == 0 then p.b = i end
    if i % 4 == 2 then p.b = nil end
    seen[#seen + 1] = p.b
    if i == 6 then below.b = "changed" end
    if i == 9 then getmetatable(store).__index = { b = "other" } end
    if i == 11 then store.b = nil end
  end
  print(table.concat(seen, " ")) --> 1 below 2 below 3 below 4 4 5 4 6 below 7 changed 8 8 9 8 10 other 11 other 12 12
  print(rawget(p, "a"), rawget(p, "b"), store.a) --> nil	nil	12
end

-- A field with a value that is replaced: what is remembered of chains stays true, also for `__index` itself.
do
  local A, B = { name = "A" }, { name = "B" }
  local class = { __index = A }
  local object = setmetatable({}, class)
  local writer = setmetatable({}, { __newindex = class })
  local names = {}
  for i = 1, 8 do
    names[#names + 1] = object.name
    if i % 2 == 1 then writer.__index = B else writer.__index = A end
    if i == 5 then local key = "__index" writer[key] = function() return "F" end end
    if i == 6 then rawset(class, "__index", A) end
  end
  print(table.concat(names, " ")) --> A B A B A F A B
  A.name = "a"
  writer.__index = A
  print(object.name) --> a
  setmetatable({}, { __newindex = A }).name = "aa"
  print(object.name) --> aa
  setmetatable({}, { __newindex = A }).name = nil
  print(object.name) --> nil
end
