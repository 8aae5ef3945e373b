-- Methods of userdata at cached sites: file handles mixed with tables, methods replaced, closed files.
local name = os.tmpname()
local f = assert(io.open(name, "w"))
local fake = {write = function(self, ...) self.log = (self.log or "") .. table.concat({...}); return self end, close = function(self) return "fake closed" end}
local function put(sink, ...) return sink:write(...) end
for i = 1, 6 do put(i % 2 == 0 and fake or f, i, ",") end
print(fake.log, f:seek "cur") --> 2,4,6,	6
-- The method table of files is an ordinary table.
local methods = getmetatable(f).__index
local real_write = methods.write
methods.write = function(self, ...) return real_write(self, "[", ...) end
put(f, "patched"); methods.write = real_write; put(f, "plain")
methods.shout = function(self, s) return self:write(s:upper()) end
f:shout "loud"; methods.shout = nil
print(pcall(function() return f:shout "x" end) == false, io.type(f)) --> true	file
-- __index replaced by a function, then restored; __newindex, __call, __add, __len, __eq, __concat on a userdata.
local mt = getmetatable(f)
mt.__index = function(self, k) return k == "virtual" and function(_, x) return "virtual " .. tostring(x) end or methods[k] end
print(f:virtual(5), f.nothing, f:seek "end" > 0) --> virtual 5	nil	true
mt.__index = methods
mt.__newindex = function(_, k, v) fake[k] = v end; f.field = "stored"; mt.__newindex = nil
mt.__call = function(self, x) return "called " .. x end; mt.__add = function(a, b) return type(a) .. "+" .. type(b) end; mt.__len = function() return 77 end; mt.__concat = function(a, b) return "cat" end; mt.__lt = function() return true end
print(fake.field, f(1), f + 1, 1 + f, #f, f .. "x", "x" .. f, f < f, f == f, f ~= io.stdout)
--> stored	called 1	userdata+number	number+userdata	77	cat	cat	true	true	true
mt.__call, mt.__add, mt.__len, mt.__concat, mt.__lt = nil
print(pcall(function() return f + 1 end) == false, pcall(function() return #f end) == false, pcall(function() return f() end) == false, pcall(function() f.x = 1 end) == false)
--> true	true	true	true
-- tostring and __name.
local saved_name, saved_tostring = mt.__name, mt.__tostring
mt.__tostring = nil
print(tostring(f):match "^FILE%*: " ~= nil); mt.__name = "Renamed"; print(tostring(f):match "^Renamed: " ~= nil, (select(2, pcall(function() return f < 1 end)):gsub("^[^:]+:%d+: ", "")))
--> true
--> true	attempt to compare Renamed with number
mt.__name, mt.__tostring = saved_name, saved_tostring
print(tostring(f):match "^file %(" ~= nil, f:close(), tostring(f)) --> true	true	file (closed)
-- The same sites with a closed file, with wrong receivers, then good ones again.
local function err(fn, ...) return (select(2, pcall(fn, ...)):gsub("^[^:]+:%d+: ", "")) end
local function close(x) return x:close() end
print(err(put, f, "x")); print(err(put, 5, "x")); print(err(put, nil, "x")); print(err(put, {}, "x")); print(err(put, "str", "x")); print(err(close, f)); print(close(fake)); print(err(function() return methods.write(fake, "x") end))
--> attempt to use a closed file
--> attempt to index a number value (local 'sink')
--> attempt to index a nil value (local 'sink')
--> attempt to call a nil value (method 'write')
--> attempt to call a nil value (method 'write')
--> attempt to use a closed file
--> fake closed
--> bad argument #1 to 'write' (FILE* expected, got table)
f = assert(io.open(name)); print(f:read "a", close(f)); print(put(fake, "!") == fake)
--> 1,3,5,[patchedplainLOUD	true
--> true
-- Userdata as keys, in weak tables, compared, in varargs.
local g, h = io.tmpfile(), io.tmpfile()
local set = {[g] = "g", [h] = "h"}
print(set[g], set[h], set[io.stdout], g == h, rawequal(g, g), select("#", g, h), type(g), math.type(g), next({[g] = 1}) == g)
--> g	h	nil	false	true	2	userdata	nil	true
local weak = setmetatable({}, {__mode = "k"})
weak[g] = {}; weak[h] = {}; h:close(); h, set = nil, nil
collectgarbage(); collectgarbage()
local left = 0
for k in pairs(weak) do left = left + 1; assert(k == g) end
print(left, g:write "still open" == g, g:close()) --> 1	true	true
os.remove(name)
