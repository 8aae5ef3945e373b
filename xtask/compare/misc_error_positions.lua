local function at(level) error("pos", level) end
local function one() at(1) end
local function two() at(2) end
local function three() at(3) end
print(pcall(one))
print(pcall(two))
print(pcall(three))
print(pcall(function()
    local t =
        nil
    return t
        .x
end))
print(pcall(function()
    return 1 +
        {}
end))
print(pcall(function()
    local f = print
    f(
        nil .. "x"
    )
end))
