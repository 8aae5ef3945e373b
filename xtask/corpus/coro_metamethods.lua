-- Yields inside of every metamethod, with results used in the right place.
local yield, wrap = coroutine.yield, coroutine.wrap
local mt = {}
for _, e in ipairs {"add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr", "concat", "unm", "bnot", "len", "eq", "lt", "le", "index", "call"} do
  mt["__" .. e] = function(...) return yield(e) end
end
mt.__newindex = function(t, k, v) yield("newindex " .. tostring(k) .. " " .. tostring(v)) end
mt.__tostring, mt.__pairs = nil, function(t) local n = yield "pairs"; return function(_, i) i = i + 1; if i <= n then return i, yield("iter " .. i) end end, t, 0 end
mt.__close = function(_, e) yield("close " .. tostring(e)) end
local function new() return setmetatable({}, mt) end
local a, b = new(), new()
local function drive(f, ...)
  local co = coroutine.create(f)
  local trace, send = {}, {...}
  local i = 0
  local ok, v = coroutine.resume(co)
  while coroutine.status(co) ~= "dead" do
    trace[#trace + 1] = tostring(v)
    i = i + 1
    ok, v = coroutine.resume(co, send[i])
  end
  return table.concat(trace, ",") .. " -> " .. tostring(v)
end
print(drive(function() return a + 1 end, "sum")); print(drive(function() return 2 - a end, 5)); print(drive(function() return (a * b) / a end, setmetatable({}, {__div = function() return "div of product" end})))
--> add -> sum
--> sub -> 5
--> mul -> div of product
print(drive(function() return a % 2 .. "!" end, "mod")); print(drive(function() local x = a ^ b; return x end, 8)); print(drive(function() return a // 1.5, 2 end, 3))
--> mod -> mod!
--> pow -> 8
--> idiv -> 3
print(drive(function() return (a & 1) + (1 | a) end, 10, 20)); print(drive(function() return a ~ a, 1 end, 7)); print(drive(function() return (a << 1) .. (2 >> a) end, "l", "r"))
--> band,bor -> 30
--> bxor -> 7
--> shl,shr -> lr
print(drive(function() return "x" .. a .. "y" .. "z" end, "joined", "more")); print(drive(function() return -a end, "neg")); print(drive(function() return ~a end, "not")); print(drive(function() return #a + 1 end, 41))
--> concat -> xjoined
--> unm -> neg
--> bnot -> not
--> len -> 42
print(drive(function() if a == b then return "equal" end return "different" end, true)); print(drive(function() return a ~= b end, true)); print(drive(function() return not (a == b) end, nil))
--> eq -> equal
--> eq -> false
--> eq -> true
print(drive(function() if a < b then return "lt" else return "ge" end end, false)); print(drive(function() return a <= 1, 5 end, 1)); print(drive(function() return 1 > a end, 0)); print(drive(function() local r = a >= b; return r end))
--> lt -> ge
--> le -> true
--> lt -> true
--> le -> false
print(drive(function() while a < 3 do end return "loop ended" end, true, 1, "x", nil)); print(drive(function() return a.x .. a.y end, "X", "Y")); print(drive(function() return a.b.c end, {c = "nested"}))
--> lt,lt,lt,lt -> loop ended
--> index,index -> XY
--> index -> nested
print(drive(function() a.x = 1; a[2] = "two"; return rawget(a, "x") end)); print(drive(function() return a(1, 2) end, "called")); print(drive(function() return (a(1)) .. a:method() end, "c1", function() return "m" end))
--> newindex x 1,newindex 2 two -> nil
--> call -> called
--> call,index -> c1m
print(drive(function() local s = ""; for k, v in pairs(a) do s = s .. k .. v end return s end, 2, "p", "q")); print(drive(function() do local c <close> = new() end return "closed" end))
--> pairs,iter 1,iter 2 -> 1p2q
--> close nil -> closed
print(drive(function() return pcall(function() local c <close> = new(); error("E", 0) end) end)); print(drive(function() return a + b + 1 end, 4, 5)); print(drive(function() return {a.x, a.y, n = a.z}, 1 end, 1, 2, 3):match("^[^>]+"))
--> close E -> false
--> add -> 5
--> index,index,index -
print(drive(function() a.p, a.q = a.r, a.s; return "multi" end, 1, 2):sub(1, 11)); print(drive(function() return select("#", a.x, a(), #a) end)); print(drive(function() local f = a.f; return f(a.g, a.h) end, function(x, y) return x .. y end, "G", "H"))
--> index,index
--> index,call,len -> 3
--> index,index,index -> GH
-- Through library functions that cannot yield: a clear error.
local function err(f, ...) local co = coroutine.create(f); local _, m = coroutine.resume(co, ...); return m end
print(err(function() return table.concat(setmetatable({}, {__index = function() return yield() end, __len = function() return 1 end})) end))
--> attempt to yield across a C-call boundary
print(err(function() return tostring(setmetatable({}, {__tostring = function() return yield() end})) end), err(function() return ("x"):gsub("x", yield) end), err(table.sort, {3, 2, 1}, function(x, y) return yield() end))
--> attempt to yield across a C-call boundary	attempt to yield across a C-call boundary	attempt to yield across a C-call boundary
print(err(load, function() return yield() end), err(function() return next(a, a.x) end), (err(string.format, "%s", setmetatable({}, {__tostring = yield}))))
--> nil	index	attempt to yield across a C-call boundary
