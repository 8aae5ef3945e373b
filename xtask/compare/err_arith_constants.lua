local ops = {"+", "-", "*", "/", "%", "^", "//", "&", "|", "~", "<<", ">>", "..", "<", "<=", ">", ">=", "==", "~="}
for _, op in ipairs(ops) do
    for _, c in ipairs {"1", "1.5", "300", "2^53", "'x'", "-1", "0x7fffffffffffffff"} do
        for _, form in ipairs {"local a = {} return a %s %s", "local a = {} return %2$s %1$s a", "local t = {} return t.x %s %s", "return g %s %s"} do
            local text = form:find("2%$") and ("local a = {} return " .. c .. " " .. op .. " a") or form:format(op, c)
            local ok, r = pcall(assert(load(text, "=c")))
            print(text, r)
        end
    end
end
