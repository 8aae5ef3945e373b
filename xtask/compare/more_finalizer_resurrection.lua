local keep, count = {}, 0
local mt = {__gc = function(o) count = count + 1 keep[1] = o end}
do local x = setmetatable({id = 7}, mt) end
collectgarbage() print(count, keep[1].id)
keep[1] = nil collectgarbage() print(count)
keep.again = setmetatable({id = 8}, mt) keep.again = nil collectgarbage() print(count, keep[1].id)
