local log = {} debug.sethook(function(e, l) log[#log + 1] = e .. (l or "") end, "l")
local x = 1
x = x + 1
debug.sethook() print(table.concat(log, " ")) log = {} local function f() return 1 end debug.sethook(function(e) log[#log + 1] = e .. ":" .. tostring(debug.getinfo(2, "n").name) end, "cr") f() local y = (function() return f() end)() debug.sethook() print(table.concat(log, " ")) local n = 0 debug.sethook(function() n = n + 1 end, "", 100) for i = 1, 1000 do end debug.sethook() print(n > 5, debug.gethook()) print(pcall(debug.sethook, function() end, 5)) local ok, m = pcall(function()
    debug.sethook(function(e, l) debug.sethook() error("hook " .. e .. " " .. l) end, "l")
    local z = 1
end)
debug.sethook() print(ok, m)
