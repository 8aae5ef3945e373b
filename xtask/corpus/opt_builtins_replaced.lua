-- Builtins replaced while loops that call them run; library fields, locals, upvalues, globals.
local out = {}
local function note(v) out[#out + 1] = tostring(v) end
local function flush() print(table.concat(out, " ")); out = {} end
local real = math.floor
for i = 1, 6 do
  note(math.floor(i + 0.5))
  if i == 3 then math.floor = function(x) return "f" .. x end end
  if i == 5 then math.floor = real end
end
flush() --> 1 2 3 f4.5 f5.5 6
local floor = math.floor
for i = 1, 4 do note(floor(i + 0.25)); if i == 2 then math.floor = nil end end
math.floor = real; flush() --> 1 2 3 4
for i = 1, 4 do note(floor(i + 0.25)); if i == 2 then floor = math.ceil end end
flush() --> 1 2 4 5
local string = string; local find = string.find
for i = 1, 4 do
  note(find("hello", "l")); note(string.find("hello", "l")); note(("hello"):find("l"))
  if i == 1 then string.find = function() return "replaced" end end
  if i == 2 then find = function() return "local replaced" end end
  if i == 3 then string.find = nil; getmetatable("").__index = function(s, k) return function() return k .. " of " .. s end end; string.find = find end
end
getmetatable("").__index = string
flush() --> 3 3 3 3 replaced replaced local replaced replaced replaced local replaced local replaced find of hello
_G.string.find = nil
string.find = load("local f = ... return f")(("x").match and function(s, p) return s:match("()" .. p) end)
note(("abc"):find "b"); flush() --> 2
-- Globals redefined in the middle: type, tostring, select, ipairs, pairs, next, pcall, setmetatable, assert.
local saved = {type = type, tostring = tostring, select = select, ipairs = ipairs, pairs = pairs, next = next, pcall = pcall, rawget = rawget, rawequal = rawequal, assert = assert, unpack = table.unpack}
for round = 1, 3 do
  note(type(round)); note(select("#", 1, 2)); note(rawget({5}, 1)); note((pcall(error))); note((next({7}))); note(rawequal(1, 1)); note(#table.pack(table.unpack({1, 2}))); note(assert("ok"))
  local n = 0
  for _ in ipairs {1, 2, 3} do n = n + 1 end
  for _ in pairs {a = 1} do n = n + 10 end
  note(n)
  if round == 1 then
    type = function() return "T" end; select = function() return "S" end; rawget = function() return "R" end; pcall = function() return "P" end
    next = function() return "N" end; rawequal = function() return "E" end; table.unpack = function() return 1, 2, 3, 4 end; assert = function() return "A" end
    ipairs = function(t) return function(_, i) if i < 5 then return i + 1 end end, t, 0 end
    pairs = function(t) return saved.next, {b = 1, c = 2}, nil end
  else
    for k, v in saved.pairs(saved) do if k ~= "unpack" then _G[k] = v end end
    table.unpack = saved.unpack
  end
  flush()
  --> number 2 5 false 1 true 2 ok 13
  --> T S R P N E 4 A 25
  --> number 2 5 false 1 true 2 ok 13
end
-- Inside of the called function itself, and through metamethods on _G.
local calls = 0
local real_len = string.len
string.len = function(s) calls = calls + 1; string.len = real_len; return -1 end
for i = 1, 3 do note(("xx"):len()) end
note(calls); flush() --> -1 2 2 1
local old = print
local captured = {}
print = function(...) captured[#captured + 1] = select("#", ...) end
for i = 1, 3 do print(i, i) end
print = old
print(table.concat(captured, " ")) --> 2 2 2
setmetatable(_G, {__index = function(_, k) return k == "late_builtin" and function(x) return x * 2 end or nil end})
for i = 1, 3 do note(late_builtin(i)); if i == 2 then late_builtin = function(x) return -x end end end
late_builtin = nil; setmetatable(_G, nil); flush() --> 2 4 -3
