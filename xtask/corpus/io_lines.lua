-- io.lines and file:lines: formats, closing at the end, errors, generic for with break.
local name = os.tmpname()
local function err(fn, ...) return (select(2, pcall(fn, ...)):gsub("^[^:]+:%d+: ", "")) end
local f = assert(io.open(name, "w")); f:write("one\ntwo\n\nfour"); f:close()
local out = {}
for l in io.lines(name) do out[#out + 1] = "[" .. l .. "]" end
for l in io.lines(name, "L") do out[#out + 1] = (l:gsub("\n", "$")) end
for c in io.lines(name, 4) do out[#out + 1] = (c:gsub("\n", "$")) end
for a, b in io.lines(name, 1, "l") do out[#out + 1] = a:gsub("\n", "$") .. "+" .. tostring(b) end
for all in io.lines(name, "a") do out[#out + 1] = #all; break end
print(table.concat(out, " ")) --> [one] [two] [] [four] one$ two$ $ four one$ two$ $fou r o+ne t+wo $+four 13
-- Four values: the file is closed after a break, too.
local iter, s, c, file = io.lines(name)
print(type(iter), s, c, io.type(file)) --> function	nil	nil	file
for l in iter, s, c, file do break end
print(io.type(file), err(iter)) --> closed file	file is already closed
local n = 0
for l in io.lines(name) do n = n + 1 end
print(n) --> 4
-- file:lines does not close; several iterators share the position.
f = io.open(name)
local i1, i2 = f:lines(), f:lines("L")
print(i1(), (i2():gsub("\n", "$")), i1(), i1(), i1(), io.type(f)) --> one	two$		four	nil	file
f:seek("set"); for l in f:lines() do if l == "two" then break end end
print(f:read("L") == "\n", f:read("l"), f:close()) --> true	four	true
print(err(i1)) --> file is already closed
-- After the end: a call is an error for io.lines, nil for file:lines.
local it = io.lines(name)
while it() do end
print(err(it)) --> file is already closed
-- Errors: missing file, bad formats, too many formats.
print((err(io.lines, "/nonexistent/file"):gsub("^.*: ", ""))); print(err(io.lines(name, "x"))); print(err(io.lines(name, {})))
--> cannot open file '/nonexistent/file' (No such file or directory)
--> bad argument #2 to '?' (invalid format)
--> bad argument #2 to '?' (string expected, got table)
local formats = {}
for i = 1, 251 do formats[i] = "l" end
print(err(io.lines, name, table.unpack(formats)), (pcall(io.lines, name, table.unpack(formats, 1, 250))))
--> bad argument #252 to 'io.lines' (too many arguments)	true
-- io.read and io.lines on the default input.
io.input(name)
print(io.read("l", "L") == "one", io.read("n") == nil, io.read("a")) --> true	true	four
io.close(io.input())
print(err(io.read), err(function() for _ in io.lines() do end end)) --> default input file is closed	attempt to use a closed file
io.input(name)
n = 0
for l in io.lines() do n = n + #l end
print(n, io.type(io.input()), io.read()) --> 10	file	nil
io.input():close()
io.input(io.stdin)
-- Empty file, file of only line ends, very long lines.
f = io.open(name, "w"); f:close()
for l in io.lines(name) do error "no lines expected" end
f = io.open(name, "w"); f:write("\n\n\n"); f:close()
n = 0
for l in io.lines(name) do n = n + 1; assert(l == "") end
print(n) --> 3
f = io.open(name, "w"); f:write(("x"):rep(5000), "\n", ("y"):rep(5000)); f:close()
for l in io.lines(name) do io.write(#l, l:sub(1, 1), "\n") end
--> 5000x
--> 5000y
os.remove(name)
