local function thrower(l) error("m", l) end
local function a(l) thrower(l) end
local function b(l) a(l) end
for l = 0, 5 do print(pcall(b, l)) end
