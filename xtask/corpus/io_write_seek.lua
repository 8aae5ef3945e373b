-- Writing, seeking, append and update modes, buffering.
local name = os.tmpname()
local function slurp() local f = assert(io.open(name, "rb")); local s = f:read("a"); f:close(); return (s:gsub("\n", "|")) end
local f = assert(io.open(name, "w"))
print(f:write("a", 1, " ", 2.5, " ", -0.0, " ", 1e100, "\n") == f, io.type(f), io.type(5), io.type(io.stdout)) --> true	file	nil	file
print(f:seek("cur"), f:seek("set", 2), f:write("X"):seek(), f:seek("end"), f:seek("end", -3), f:seek("cur", 1)) --> 17	2	3	17	14	15
print(f:close(), io.type(f), slurp()) --> true	closed file	a1X2.5 -0 1e+100|
local function err(fn, ...) return (select(2, pcall(fn, ...)):gsub("^[^:]+:%d+: ", "")) end
print(err(f.write, f, "x")); print(err(f.read, f)); print(err(f.close, f)); print(err(f.lines, f)); print(err(f.seek, f)); print(tostring(f))
--> attempt to use a closed file
--> attempt to use a closed file
--> attempt to use a closed file
--> attempt to use a closed file
--> attempt to use a closed file
--> file (closed)
f = assert(io.open(name, "a")); f:write("appended"); print(f:seek("cur") > 0, f:close()); print(slurp())
--> true	true
--> a1X2.5 -0 1e+100|appended
f = assert(io.open(name, "r+")); print(f:read(2)); f:seek("cur", 0); f:write("ZZ"); f:seek("set"); print(f:read("a") == slurp():gsub("|", "\n")); f:close(); print(slurp())
--> a1
--> true
--> a1ZZ.5 -0 1e+100|appended
f = assert(io.open(name, "w+")); f:write("one\ntwo\nthree\n"); f:seek("set", 4); print(f:read("l", "n", "l")); f:close() --> two	nil
f = assert(io.open(name, "a+")); f:seek("set"); print(f:read()); f:write("four"); f:seek("set"); print(#f:read("a")); f:close()
--> one
--> 18
f = assert(io.open(name, "rb")); print(f:write("not allowed") == nil, f:seek("end"), f:seek("set", -1) == nil, f:read(1), f:seek("set", 100), f:read(1), #f:read("a")); f:close()
--> true	18	true	nil	100	nil	0
print(err(io.open, name, "rw")); print(err(io.open, name, "")); print(err(io.open, name, "r++")); print(err(io.open, name, "+r")); print(err(io.open, name, "rbt")); print(io.open(name, "rb"):close(), io.open(name, "r+b"):close())
--> bad argument #2 to 'io.open' (invalid mode)
--> bad argument #2 to 'io.open' (invalid mode)
--> bad argument #2 to 'io.open' (invalid mode)
--> bad argument #2 to 'io.open' (invalid mode)
--> bad argument #2 to 'io.open' (invalid mode)
--> true	true
print(select("#", io.open("/nonexistent/dir/file")), io.open("/nonexistent/dir/file"))
--> 3	nil	/nonexistent/dir/file: No such file or directory	2
-- Buffering modes; what is written is there after flush.
for _, mode in ipairs {"no", "full", "line"} do
  f = assert(io.open(name, "w"))
  print(mode, f:setvbuf(mode, 128), f:write("data\n", ("x"):rep(200)) == f, f:flush() == f, #slurp())
  --> no	true	true	false	205
  --> full	true	true	false	205
  --> line	true	true	false	205
  f:close()
end
print(err(io.stdout.setvbuf, io.stdout, "odd")) --> bad argument #2 to '?' (invalid option 'odd')
-- write through chains, errors for bad values, numbers in exact text.
f = assert(io.open(name, "w"))
print(err(f.write, f, {})); print(err(f.write, f, nil)); print(err(f.write, f, "ok", true)); f:write(math.maxinteger, " ", math.mininteger, " ", 0.1, " ", 1e15, " ", 2^53, "\n"):write("x"):write(); f:close()
--> bad argument #2 to '?' (string expected, got table)
--> bad argument #2 to '?' (string expected, got nil)
--> bad argument #3 to '?' (string expected, got boolean)
print(slurp()) --> ok9223372036854775807 -9223372036854775808 0.1 1e+15 9.007199254741e+15|x
-- A file collected or closed by a to-be-closed variable.
do local tmp <close> = assert(io.open(name, "w")); tmp:write("closed by scope"); f = tmp end
print(io.type(f), slurp()) --> closed file	closed by scope
local function drop() local g = io.open(name, "w"); g:write("flushed by the collector") end
drop(); collectgarbage(); collectgarbage()
print(slurp()) --> flushed by the collector
-- Standard files and default output.
print(io.output() == io.stdout, io.input() == io.stdin, io.type(io.stderr), tostring(io.stdout):match("^file %("))
--> true	true	file	file (
local old = io.output()
io.output(name); io.write("to the file"); print(io.output() == old); io.close(); io.output(old) --> false
print(slurp(), err(function() io.output(name); io.close(); io.write("x") end)) --> to the file	default output file is closed
io.output(old)
print(io.write("") == io.stdout) --> true
os.remove(name)
