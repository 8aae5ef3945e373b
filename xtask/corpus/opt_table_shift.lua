-- table.insert and table.remove in the middle: at once where all items stand together, one by one where not.
local function insert(t, at, v) for i = #t, at, -1 do t[i + 1] = t[i] end t[at] = v end
local function remove(t, at) local v, n = t[at], #t; for i = at, n - 1 do t[i] = t[i + 1] end t[n] = nil; return v end
local function text(t) local o = {}; for i = 1, #t do o[i] = type(t[i]) == "table" and t[i][1] or tostring(t[i]) end return table.concat(o, ",") end
local seed = 7; local function random(n) seed = (seed * 1103515245 + 12345) % 2147483648; return seed // 65536 % n + 1 end
for round = 1, 6 do
  local a, b = {}, {}
  for step = 1, 400 * round do
    local n = #b
    if random(3) > 1 or n == 0 then
      local at, v = random(n + 1), ({ step, step + 0.5, "s" .. step, { step } })[random(4)]
      table.insert(a, at, v); insert(b, at, v)
    else
      local at = random(n); local x, y = table.remove(a, at), remove(b, at)
      if not rawequal(x, y) then print("different", step) end
    end
    if step % 100 == 0 then collectgarbage("step", 10) end
  end
  print(round, #a == #b, text(a) == text(b))
end
local t = { 1, 2, 3, nil, 5 }; table.insert(t, 1, 0); print(t[1], t[2], t[4])
local small = {}; for i = 1, 3 do table.insert(small, 1, i) end print(text(small), table.remove(small, 1), table.remove(small, 2), text(small), table.remove(small, 1), #small)
print(pcall(table.insert, { 1 }, 3, 0) == false, pcall(table.insert, { 1 }, 0, 0) == false, pcall(table.remove, { 1 }, 5) == false, table.remove({}, 0), table.remove({ 1 }, 2))
local log = {}; local p = setmetatable({}, { __len = function() return 3 end, __index = function(_, k) log[#log + 1] = "r" .. k; return k * 10 end, __newindex = function(_, k, v) log[#log + 1] = "w" .. k .. "=" .. tostring(v) end })
table.insert(p, 2, "x"); print(table.concat(log, " ")); log = {}; print(table.remove(p, 1), table.concat(log, " "))
local hashed = {}; for i = 30, 1, -1 do hashed[i] = i end; table.insert(hashed, 5, "five"); print(hashed[4], hashed[5], hashed[6], hashed[31], #hashed); print(table.remove(hashed, 5), #hashed, hashed[5], hashed[30])
local class = {}; local object = setmetatable({}, class); for i = 1, 5 do table.insert(class, 1, i) end; class.__index = class; print(object[1], table.remove(class, 1), object[1])
-- Objects that only the moved items hold.
local held = {}; for i = 1, 3000 do table.insert(held, 1 + i // 2, { i }) if i % 500 == 0 then collectgarbage() end end
local sum = 0; for i = 1, #held do sum = sum + held[i][1] end; print(#held, sum)
for i = 1, 2000 do table.remove(held, 3); if i % 500 == 0 then collectgarbage() end end; sum = 0; for i = 1, #held do sum = sum + held[i][1] end; print(#held, sum)
collectgarbage("generational"); local old = {}; for i = 1, 600 do old[i] = { i } end; collectgarbage(); collectgarbage()
for i = 1, 300 do table.insert(old, 2, { i + 1000 }); if i % 50 == 0 then collectgarbage("step") end end; for i = 1, 100 do table.remove(old, 5) end; collectgarbage("step"); sum = 0; for i = 1, #old do sum = sum + old[i][1] end; print(#old, sum); collectgarbage("incremental")

--> 1	true	true
--> 2	true	true
--> 3	true	true
--> 4	true	true
--> 5	true	true
--> 6	true	true
--> 0	1	3
--> 3,2,1	3	1	2	2	0
--> true	true	true	nil	nil
--> r3 w4=30 r2 w3=20 w2=x
--> 10	r1 r2 w1=20 r3 w2=30 w3=nil
--> 4	five	5	30	31
--> five	30	5	30
--> 5	5	4
--> 3000	4501500
--> 1000	997006
--> 800	400700
