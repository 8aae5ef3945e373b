local s = {} for i = 1, 3 do s[#s + 1] = "local " for j = 1, 100 do s[#s + 1] = (j > 1 and "," or "") .. "u" .. i .. "_" .. j end s[#s + 1] = "\nlocal function g" .. i .. "()\n" end
local body = {} for i = 1, 3 do for j = 1, 100 do body[#body + 1] = "u" .. i .. "_" .. j .. " = 1\n" end end
local f, m = load(table.concat(s) .. "local function h()\n" .. table.concat(body) .. "end end end end", "=u") print(f and "ok" or m)
local f, m = load(table.concat(s) .. "local function h()\n" .. table.concat(body, "", 1, 250) .. "end end end end", "=u") print(f and "ok" or m)
