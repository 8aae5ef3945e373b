local t = {}
local ops = {"+", "-", "*", "/", "%", "^", "//", "&", "|", "~", "<<", ">>", "..", "<", "<=", ">", ">=", "==", "~="}
local vals = {"1", "1.5", "'x'", "'2'", "nil", "true", "{}"}
for _, op in ipairs(ops) do
    for _, a in ipairs(vals) do
        local line = {}
        for _, b in ipairs(vals) do
            local f = assert(load(("local a, b = %s, %s return a %s b"):format(a, b, op), "=c"))
            local ok, r = pcall(f)
            line[#line + 1] = tostring(r)
        end
        print(op, a, table.concat(line, " | "))
    end
end
