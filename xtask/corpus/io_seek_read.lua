-- Reading, seeking and writing in one file: what was read ahead is not read again.
local name = os.tmpname()
local f = assert(io.open(name, "w+"))
f:write(("0123456789"):rep(2000))
print(f:seek("set", 5), f:read(3), f:seek("cur"), f:seek("cur", -2), f:read(1), f:seek("end", -3), f:read("a"), f:read(1), f:read("a")) --> 5	567	8	6	6	19997	789	nil	
local r = {}
for i = 1, 30 do f:seek("set", i * 613); r[i] = f:read(1) end
print(table.concat(r)) --> 369258147036925814703692581470
f:seek("set", 10)
print(f:read(2), f:write("AB") == f, f:seek("cur"), f:read(2), f:seek("set", 8), f:read(10)) --> 01	true	14	45	8	8901AB4567
f:seek("set", 19990)
print(f:read(5), f:read(100), f:read(1), f:seek("set"), #f:read("a"), f:read("a"), f:read("l")) --> 01234	56789	nil	0	20000		nil
f:close()
f = assert(io.open(name, "w"))
print(f:read(1)) --> nil	Bad file descriptor	9
f:write("12 0x1F\nline two\n\nlast")
f:close()
f = assert(io.open(name))
print(f:read("n", "n", "l", "l", "l", "l", "l")) --> 12	31		line two		last	nil
print(f:write("x")) --> nil	Bad file descriptor	9
print(f:seek("set", 3), f:read("n"), f:seek("cur")) --> 3	31	7
f:close()
os.remove(name)
