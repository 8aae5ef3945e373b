-- A young object in the hash part of a large old table survives when its key moves to the array part.
collectgarbage("generational")
local function minor() collectgarbage("step") end
local function waste() for i = 1, 2000 do local gone = {"waste"} end end
local function table_of(items, ...)
  local t = {}
  for i = 1, items do t[i] = i end
  for _, key in ipairs {...} do t[key] = 0 end
  return t
end
local t = table_of(512, 1100, 1200, 2000)
collectgarbage()
minor()
for _, key in ipairs {1100, 1200, 2000} do t[key] = {"alive at " .. key} end
for i = 513, 1025 do t[i] = i end
minor()
waste()
print(t[1100][1], t[1200][1], t[2000][1]) --> alive at 1100	alive at 1200	alive at 2000
-- The same with table.insert, strings and closures.
t = table_of(1024, 3000, 3001)
collectgarbage()
minor()
t[3000], t[3001] = ("s"):rep(50), function() return t end
for i = #t + 1, 2049 do table.insert(t, i) end
minor()
waste()
print(t[3000], t[3001]() == t) --> ssssssssssssssssssssssssssssssssssssssssssssssssss	true
