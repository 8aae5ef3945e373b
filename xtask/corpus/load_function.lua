-- load: strings, reader functions, modes, environments, chunk names, results.
local function err(fn, ...) return (select(2, pcall(fn, ...)):gsub("^[^:]+:%d+: ", "")) end
print(load("return 1, 2")()); print(load("return ...")(1, nil, 3)); print(select("#", load("")())); print(load("x ="))
--> 1	2
--> 1	nil	3
--> 0
--> nil	[string "x ="]:1: unexpected symbol near <eof>
-- Reader functions: pieces, empty string or nil as the end, errors, other values.
local function reader(...) local parts, i = {...}, 0; return function() i = i + 1; return parts[i] end end
print(load(reader("return ", "1", " + ", "41"))()); print(load(reader("ret", "urn 'sp", "lit'", " .. 'tok", "ens'"))()); print(type(load(reader()))); print(load(reader("return 5", "", "error"))())
--> 42
--> splittokens
--> function
--> 5
print(load(function() return nil end) ~= nil, load(reader("x = = 1"), "=reader")) --> true	nil	reader:1: unexpected symbol near '='
print(load(function() error("reader failed", 0) end) == nil) --> true
print(select(2, load(function() return {} end)):match "reader function must return a string", (select(2, load(function() return true end)):match "reader function must return a string"))
--> reader function must return a string	reader function must return a string
local chars = {}
for c in ("local t = {} for i = 1, 3 do t[i] = i * i end return table.concat(t, ',')"):gmatch "." do chars[#chars + 1] = c end
print(load(reader(table.unpack(chars)))()) --> 1,4,9
-- Environments: the first upvalue; a chunk without free names has it, too.
local env = {print = print, y = 5}
print(load("x = y; return x", "=env", "t", env)(), env.x, x); print(load("return _ENV", "=e", "t", env)() == env); print(load("return y", "=e", "t", setmetatable({}, {__index = function(_, k) return "no " .. k end}))())
--> 5	5	nil
--> true
--> no y
print(pcall(load("return print", "=e", "t", nil))); print(load("return 1", "=e", "t", nil)()); print(load("local _ENV = {z = 1}; return z")(), load("return function() return y end", "=e", "t", env)()())
--> false	e:1: attempt to index a nil value (upvalue '_ENV')
--> 1
--> 1	5
print(load("return 1", "=n", "t", 5)(), err(load("return x", "=n", "t", 5)), load("return x", "=n", "t", "string")() == nil, load("return len", "=n", "t", "string")() == string.len)
--> 1	attempt to index a number value (upvalue '_ENV')	true	true
-- Modes.
print(load("return 1", "=m", "b")); print(load("return 1", "=m", "t") ~= nil, load("return 1", "=m", "bt") ~= nil); print(load("return 1", "=m", "x")); print(load("return 1", "=m", ""))
--> nil	attempt to load a text chunk (mode is 'b')
--> true	true
--> nil	attempt to load a text chunk (mode is 'x')
--> nil	attempt to load a text chunk (mode is '')
local binary = string.dump(load("return 42"))
print(load(binary, "=b", "t")); print(load(binary, "=b", "b")(), load(binary)(), load(reader(binary:sub(1, 10), binary:sub(11)), "=b", "b")())
--> nil	attempt to load a binary chunk (mode is 't')
--> 42	42	42
-- dofile, loadfile.
local name = os.tmpname()
local f = assert(io.open(name, "w")); f:write("local a, b = ...; g_from_file = a; return a, b, 'file'"); f:close()
print(dofile(name)); print(loadfile(name)(1, 2)); print(g_from_file); g_from_file = nil
--> nil	nil	file
--> 1	2	file
--> 1
local fenv = {}
print(loadfile(name, "t", fenv)("arg"), fenv.g_from_file, g_from_file); print(select(2, loadfile(name, "b")):match "attempt to load a text chunk")
--> arg	arg	nil
--> attempt to load a text chunk
f = assert(io.open(name, "w")); f:write("error 'in file'"); f:close()
print(err(dofile, name)); f = assert(io.open(name, "w")); f:write("x = "); f:close(); print(err(dofile, name)); print((select(2, loadfile(name)):gsub("^.*:1: ", "")))
--> in file
--> unexpected symbol near <eof>
--> unexpected symbol near <eof>
f = assert(io.open(name, "wb")); f:write(binary); f:close(); print(dofile(name), loadfile(name, "b")(), (select(2, loadfile(name, "t")):match "attempt to load a binary chunk"))
--> 42	42	attempt to load a binary chunk
os.remove(name)
print((select(2, loadfile(name)):gsub("'[^']*'", "FILE"):gsub("/[^:]*", "FILE"))); print(err(dofile, "/nonexistent") ~= nil, err(load), err(load, {}), err(loadfile, {}))
--> cannot open FILE: No such file or directory
--> true	bad argument #1 to 'load' (function expected, got no value)	bad argument #1 to 'load' (function expected, got table)	bad argument #1 to 'loadfile' (string expected, got table)
-- Loading inside of loading, and many small chunks.
print(load("return load('return load(\"return 7\")()')()")()) --> 7
local sum = 0
for i = 1, 100 do sum = sum + load("return " .. i .. " * 2")() end
print(sum) --> 10100
