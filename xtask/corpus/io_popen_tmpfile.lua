-- io.popen and io.tmpfile: reading, writing, exit codes, os.execute.
local p = assert(io.popen("echo hello; echo world"))
print(io.type(p), p:read("l"), p:read("l"), p:read("l"), p:close()) --> file	hello	world	nil	true	exit	0
p = io.popen("exit 3"); print(p:close()) --> nil	exit	3
p = io.popen("printf 'a b c'", "r"); print(p:read("a")); print(p:close())
--> a b c
--> true	exit	0
for l in io.popen("echo one; echo two"):lines() do io.write("<", l, ">\n") end
--> <one>
--> <two>
local name = os.tmpname()
p = assert(io.popen("cat > " .. name, "w")); p:write("through cat\n", 42, "\n"); print(p:close()) --> true	exit	0
print((io.open(name):read("a"):gsub("\n", "|"))) --> through cat|42|
print(select(2, pcall(io.popen, "x", "rw")):match("invalid mode"), io.popen("true"):close(), (io.popen("false"):close()))
--> invalid mode	true	nil
print(os.execute("exit 5")); print(os.execute("true")); print((os.execute("false"))); print(os.execute()); print(os.execute("kill -9 $$"))
--> nil	exit	5
--> true	exit	0
--> nil
--> true
--> nil	signal	9
local t = assert(io.tmpfile())
print(t:write("temporary ", 1):seek("set"), t:read("a")); t:seek("set", 2); t:write("XX"); t:seek("set"); print(t:read("l"), t:close(), io.type(t))
--> 0	temporary 1
--> teXXorary 1	true	closed file
-- os.rename, os.remove.
local second = os.tmpname()
print(os.rename(name, second), io.open(name), os.remove(second), select("#", os.remove(second)), (os.remove(second)))
--> true	nil	true	3	nil
print((select(2, os.rename("/nonexistent/a", "/nonexistent/b")):match("^/nonexistent/a: ")), select(3, os.remove("/nonexistent/a")) ~= nil)
--> nil	true
print(os.getenv("SURELY_NOT_SET_ANYWHERE"), type(os.clock()), math.type(os.time())) --> nil	number	integer
print(math.type(os.clock()), os.clock() >= 0, os.setlocale("C"), os.setlocale(nil), os.setlocale("no such locale"))
--> float	true	C	C	nil
os.setlocale("C")
local function err(fn, ...) return (select(2, pcall(fn, ...)):gsub("^[^:]+:%d+: ", "")) end
print(err(os.getenv)); print(err(os.remove)); print(err(os.rename, "x")); print(err(os.setlocale, "C", "bad")); print(err(os.execute, {})); print(err(io.popen)); print(err(os.difftime, "x")); print(os.difftime(10, 4), err(os.difftime))
--> bad argument #1 to 'os.getenv' (string expected, got no value)
--> bad argument #1 to 'os.remove' (string expected, got no value)
--> bad argument #2 to 'os.rename' (string expected, got no value)
--> bad argument #2 to 'os.setlocale' (invalid option 'bad')
--> bad argument #1 to 'os.execute' (string expected, got table)
--> bad argument #1 to 'io.popen' (string expected, got no value)
--> bad argument #1 to 'os.difftime' (number expected, got string)
--> 6.0	bad argument #1 to 'os.difftime' (number expected, got no value)
