local function e() error("x", 2) end
print(pcall(function()
    e(
        1,
        2
    )
end))
print(pcall(function()
    local t = {
        e(),
    }
end))
print(pcall(function()
    local s = "a" ..
        "b" ..
        nil
end))
print(pcall(function()
    local x
    x = x
        + 1
end))
