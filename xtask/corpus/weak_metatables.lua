-- A weak metatable holds its handlers no more than any weak table holds its values.

-- A finalizer that nothing else refers to is collected before it could run.
do
  local object = setmetatable({}, setmetatable({__gc = true}, {__mode = "v"}))
  local ran = false
  getmetatable(object).__gc = function() ran = true end
  object = nil
  collectgarbage()
  collectgarbage()
  print(ran) --> false
end

-- Handlers go, one after the other, and what then happens is what happens without them.
local kept = {}
local meta = setmetatable({}, {__mode = "v"})
local object = setmetatable({}, meta)
for _, event in ipairs {"__index", "__add", "__call", "__lt", "__concat", "__len"} do
  kept[event] = function() return event end
  meta[event] = kept[event]
end
print(object.x, object + 1, object(), object < object, object .. "", #object) --> __index	__add	__call	true	__concat	__len
kept = {add = kept.__add, concat = kept.__concat}
collectgarbage()
print(object.x, object + 1, object .. "", #object) --> nil	__add	__concat	0
print((pcall(object)), (pcall(function() return object < object end))) --> false	false
print(rawget(meta, "__index"), rawget(meta, "__add") == kept.add) --> nil	true

-- They are used in the midst of cycles: each either works or is gone.
local worked, gone = 0, 0
for i = 1, 3000 do
  if i % 7 == 0 then
    local value = {i}
    kept.index = function() return value end
    meta.__index = kept.index
    kept.index = i % 2 == 0 and kept.index or nil
  end
  local found = object.field
  if found == nil then gone = gone + 1 else
    assert(type(found[1]) == "number")
    worked = worked + 1
  end
  if i % 3 == 0 then collectgarbage("step", 1) end
end
print(worked + gone) --> 3000
