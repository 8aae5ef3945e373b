local s = "aB3 _-\t\n.é"
for _, c in ipairs {"%a", "%A", "%c", "%C", "%d", "%D", "%g", "%G", "%l", "%L", "%p", "%P", "%s", "%S", "%u", "%U", "%w", "%W", "%x", "%X"} do
    print(c, (s:gsub(c, "*"):gsub("[\n\t]", "?")))
end
