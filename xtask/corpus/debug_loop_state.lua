-- The hidden variables of a numeric loop can be reached, and hold values whatever they are set to.

local function states()
    local found = {}
    for at = 1, 20 do
        local name = debug.getlocal(2, at)
        if name == "(for state)" then found[#found + 1] = at end
    end
    return found
end

local rounds = 0
for i = 1, 1000 do
    rounds = rounds + 1
    if i == 2 then
        local at = states()
        print(#at) --> 3
        debug.setlocal(1, at[1], "a text that is longer than any short string may ever be")
        debug.setlocal(1, at[2], {})
    elseif rounds == 4 then
        local at = states()
        local _, first = debug.getlocal(1, at[1])
        local _, second = debug.getlocal(1, at[2])
        print(math.type(first), math.type(second)) --> integer	integer
        collectgarbage()
        break
    end
end
print(rounds) --> 4
