local e = setmetatable({}, {__mode = "k"})
local first = {} local k = first
for i = 1, 10 do local n = {} e[k] = n k = n end k = nil
collectgarbage() local n = 0 for _ in pairs(e) do n = n + 1 end print(n)
first = nil collectgarbage() n = 0 for _ in pairs(e) do n = n + 1 end print(n)
