-- A store into an old object needs to be remembered if it may store a reference, and only then: the two take turns in every kind of
-- store, with minor collections in between.

collectgarbage("generational")

local array, fields, counter, object = {}, {}, 0, nil
for i = 1, 400 do array[i] = i end
fields.plain, fields.kept = 0, 0
kept_global = 0

-- What dies is found in minor collections, and its memory used again.
local function churn()
  local waste
  for _ = 1, 3 do
    for i = 1, 200 do waste = { i, tostring(i) } end
    collectgarbage("step", 0)
  end
  return waste
end

local function set(t, key, value) t[key] = value end
local function set_name(value) fields.kept = value end
local function set_first(value) array[1] = value end
local function set_upvalue(value) object = value end
local function set_global(value) kept_global = value end

-- All that is stored into from now on is old.
collectgarbage(); collectgarbage()

local stores = {
  { "index", function(v) set(array, 200, v) end, function() return array[200] end },
  { "key", function(v) set(fields, "kept", v) end, function() return fields.kept end },
  { "name", set_name, function() return fields.kept end },
  { "first", set_first, function() return array[1] end },
  { "upvalue", set_upvalue, function() return object end },
  { "global", set_global, function() return kept_global end },
  { "rawset", function(v) rawset(array, 300, v) end, function() return array[300] end },
  { "insert", function(v) table.insert(array, v) end, function() return table.remove(array) end },
}
for _, store in ipairs(stores) do
  local name, put, get = store[1], store[2], store[3]
  local lost = 0
  for round = 1, 10 do
    put(round)             -- no reference: nothing to remember
    if name == "insert" then table.remove(array) end
    churn()
    put({ "table " .. round })
    churn()
    local value = get()
    if type(value) ~= "table" or value[1] ~= "table " .. round then lost = lost + 1 end
    put(true)
    if name == "insert" then table.remove(array) end
    churn()
    put("string " .. ("x"):rep(round * 10))
    churn()
    if get() ~= "string " .. ("x"):rep(round * 10) then lost = lost + 1 end
  end
  print(name, lost)
end
--> index	0
--> key	0
--> name	0
--> first	0
--> upvalue	0
--> global	0
--> rawset	0
--> insert	0
