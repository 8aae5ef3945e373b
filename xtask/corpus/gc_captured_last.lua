-- A closure that is the last thing in the scope of what it captures, made while a collection runs.

local first, second
while true do
    local value = {10}
    first = function() return value end
    if value then break end
end
do
    local value = {20}
    second = function() return value end
end
print(first()[1], second()[1]) --> 10	20

local kept = {}
for i = 1, 200 do
    do
        local a, b = {i}, {-i}
        kept[i] = function() return a[1] + b[1] + i end
    end
    collectgarbage("step")
end
local sum = 0
for i = 1, 200 do sum = sum + kept[i]() end
print(sum) --> 20100
