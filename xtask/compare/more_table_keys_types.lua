local f, t, c = print, {}, coroutine.create(print)
local m = {[f] = "function", [t] = "table", [c] = "thread", [true] = "true", [false] = "false", [1.5] = "float", ["1.5"] = "string", [io.stdout] = "file"}
print(m[f], m[t], m[c], m[true], m[false], m[1.5], m["1.5"], m[io.stdout], m[nil], m[{}])
