-- Handlers that are Lua functions get their frame at once. Here the frame has no room, the handler is something else in the middle of a
-- loop, yields, fails, is watched by hooks, or takes more or fewer parameters than it is given.

local function fresh(m) return setmetatable({}, m) end
local M = {}
local a, b = fresh(M), fresh(M)
local uses = {
  index = function() return a.x end,
  indexk = function(k) return a[k or "y"] end,
  indexi = function() return a[1], a[70] end,
  method = function() return a:m(5) end,
  newindex = function() a.x = "v" end,
  newindexk = function(k) a[k or "y"] = "v" end,
  newindexi = function() a[1] = "v" end,
  lt = function() return a < b, not (a < b), a > b end,
  le = function() return a <= b, not (a <= b), a >= b end,
  eq = function() return a == b, a ~= b end,
  len = function() return #a end,
  add = function() return a + b, a + 1, 1 + a, a - 1 end,
}
local order = { "index", "indexk", "indexi", "method", "newindex", "newindexk", "newindexi", "lt", "le", "eq", "len", "add" }
local events = { "__index", "__newindex", "__lt", "__le", "__eq", "__len", "__add", "__sub" }
local function all(handler) for _, e in ipairs(events) do M[e] = handler end end
local function text(...) local t = table.pack(...) for i = 1, t.n do t[i] = tostring(t[i]) end return table.concat(t, ",") end
local function name(v) if rawequal(v, a) then return "a" elseif rawequal(v, b) then return "b" end return tostring(v) end
local function run()
  local out = {}
  for i, n in ipairs(order) do
    local answer
    for _ = 1, 12 do
      answer = text(pcall(uses[n]))
    end
    out[i] = n .. ":" .. answer
  end
  return (table.concat(out, " "):gsub("[%w/_]+%.lua", "F"))
end

-- Arguments of every number, results of every number.
local seen
all(function() seen = "none" end)
print(run())
all(function(x, y, z, w) seen = name(x) .. name(y) .. name(z) .. name(w) return seen, "second" end)
M.__index = function(x, k) if k == "m" then return function(self, v) return rawequal(self, x), v end end return k, "second" end
print(run())
a.q = 7 print(seen)
all(function(...) seen = select("#", ...) return ... end)
M.__index = function(...) return select("#", ...) end
print(a.x, a["y" .. ""], a[1], rawequal(#a, a), seen)
a.z = 1 print(seen)

-- The handler is replaced in the middle: by a table, a host function, something callable, nothing.
local host = { __index = rawlen and function() return "lua" end }
local o, out = fresh(host), {}
for i = 1, 12 do
  out[i] = tostring(o.f)
  host.__index = ({ function() return "lua" end, { f = "table" }, rawequal, fresh { __call = function() return "called" end }, math.max and rawget, false })[i % 6 + 1] or nil
end
print(table.concat(out, " "))

-- Deep: frames and stack must grow below a handler; the reference allows about 190 of them.
M.__index = function(t, n) if n == 0 then return "bottom" end return t[n - 1] end
print(a[150])
M.__index = function(t, n) if #n == 150 then return "bottom" end return t[n .. "."] end
print(a[""])
M.__lt = function(x, y) M.depth = M.depth + 1 return M.depth > 150 or x < y end
M.depth = 0 print(a < b, M.depth)
M.__newindex = function(t, k, v) if k > 0 then t[k - 1] = v else rawset(t, "done", v) end end
a[150] = "down" print(rawget(a, "done"))
print(select(2, pcall(function() M.__index = function(t, k) return t[k] end return a.x end)):match("overflow"))

-- Yields across them, errors out of them, hooks in them.
all(function(x, y) return coroutine.yield(name(x)) end)
local co = coroutine.wrap(function() return a.x, a[1], a < b, a == b, #a, a + b end)
print(co(), co(1), co(2), co(3), co(false), co(5))
print(co(6))
all(function(x, y) error("in handler of " .. name(x), 2) end)
print(run())
local calls = 0
all(function(x, y) if calls == 0 then debug.sethook(function(what) calls = calls + 1 end, "cr") end return x end)
for _ = 1, 3 do local _ = a.x, a < b, #a, a == b end
debug.sethook()
print(calls > 20)
all(function(x, y) local info = debug.getinfo(1, "nt") return info.name .. " " .. tostring(info.istailcall) end)
print(a.x, #a, a + b)
all(function(x, y) return (debug.traceback("t", 1):gsub("\n.*in metamethod '(%w+)'.*", " %1")) end)
print(a.x, #a, a + b)
--> index:true,nil indexk:true,nil indexi:true,nil,nil method:false,F:11: attempt to call a nil value (method 'm') newindex:true newindexk:true newindexi:true lt:true,false,true,false le:true,false,true,false eq:true,false,true len:true,nil add:true,nil,nil,nil,nil
--> index:true,x indexk:true,y indexi:true,1,70 method:true,true,5 newindex:true newindexk:true newindexi:true lt:true,true,false,true le:true,true,false,true eq:true,true,false len:true,aanilnil add:true,abnilnil,a1nilnil,1anilnil,a1nilnil
--> aq7nil
--> 2	2	2	true	2
--> 3
--> lua table false nil nil nil lua table false nil nil nil
--> bottom
--> bottom
--> true	151
--> down
--> overflow
--> a	a	a	a	a	a
--> 1	2	true	false	5	6
--> index:false,F:8: in handler of a indexk:false,F:9: in handler of a indexi:false,F:10: in handler of a method:false,F:11: in handler of a newindex:false,F:12: in handler of a newindexk:false,F:13: in handler of a newindexi:false,F:14: in handler of a lt:false,F:15: in handler of a le:false,F:16: in handler of a eq:false,F:17: in handler of a len:false,F:18: in handler of a add:false,F:19: in handler of a
--> true
--> index false	len false	add false
--> t index	t len	t add
