-- Calls of tables: handlers that are Lua functions are entered directly, all others are not, and nobody can tell.
local meta = {}
local object = setmetatable({name = "o"}, meta)
local function try(...) return select(2, pcall(...)) end

-- The handler changes under a call that has been made before.
local log = {}
for round = 1, 6 do
  if round == 1 then meta.__call = function(self, a, b) return self.name, a, b end
  elseif round == 2 then meta.__call = function(self, ...) return select("#", ...), ... end
  elseif round == 3 then meta.__call = select
  elseif round == 4 then meta.__call = setmetatable({}, {__call = function(inner, outer, a) return inner ~= outer, a end})
  elseif round == 5 then meta.__call = nil
  else meta.__call = coroutine.wrap(function(self, a) while true do self, a = coroutine.yield(a) end end) end
  local ok, x, y, z = pcall(function() local x, y, z = object(10, 20) return x, y, z end)
  log[round] = round .. ":" .. tostring(x):gsub("^.*: attempt", "attempt") .. "," .. tostring(y) .. "," .. tostring(z)
end
print(table.concat(log, " | ", 1, 2)) --> 1:o,10,20 | 2:2,10,20
print((log[3]:gsub("3:.-:%d+: ", "3:"))) --> 3:bad argument #1 to 'object' (number expected, got table),nil,nil
print(log[4]) --> 4:true,10,nil
print(log[5]) --> 5:attempt to call a table value (upvalue 'object'),nil,nil
print(log[6]) --> 6:10,nil,nil

-- Every number of arguments and of results.
meta.__call = function(self, ...) assert(self == object) return ... end
local function count(...) return select("#", ...) end
local many = {}
for i = 1, 300 do many[i] = i end
print(count(object()), count(object(nil)), count(object(1, 2, 3)), count(object(table.unpack(many)))) --> 0	1	3	300
print((object(7, 8)), count(object(object(1, 2)), object(3, 4))) --> 7	3
local a, b, c = object(1, 2)
print(a, b, c) --> 1	2	nil
local function tail(...) return object(...) end
print(tail(4, 5), count(tail())) --> 4	0

-- Deep recursion through handlers moves the stack.
meta.__call = function(self, n) if n == 0 then return 0 end return 1 + self(n - 1) end
print(object(2000)) --> 2000

-- Yields across, errors and names.
meta.__call = function(self, x) return coroutine.yield(x) + 1 end
local co = coroutine.wrap(function() return object(1) + object(2) end)
print(co(), co(10), co(20)) --> 1	2	32
meta.__call = function() error("from the handler", 2) end
print((try(function() object() end):gsub("^.-:%d+: ", ""))) --> from the handler

-- A hook sees the call.
meta.__call = function(self) return self end
local seen = 0
debug.sethook(function() if debug.getinfo(2, "f").func == meta.__call then seen = seen + 1 end end, "c")
for _ = 1, 3 do local _ = object() end
debug.sethook()
print(seen) --> 3

-- Classes that are called.
local Class = setmetatable({}, {__call = function(class, x) return setmetatable({x = x}, class) end})
Class.__index = Class
local sum = 0
for i = 1, 100 do sum = sum + Class(i).x end
print(sum) --> 5050
