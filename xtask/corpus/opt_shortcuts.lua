-- Library functions that are computed without a frame: plain cases, every case beside them, and whoever watches.
local function say(...)
  local t = table.pack(...)
  for i = 1, t.n do t[i] = tostring(t[i]) end
  print(table.concat(t, " "))
end
local function count(...) return select("#", ...) end
local function fails(f, ...) local ok, m = pcall(f, ...); return (tostring(m):gsub("^[^:]*:%d+: ", "")) end

-- How many results arrive, in every position.
say(count(string.byte("abc", 9)), count(string.byte("abc", 2)), count((string.byte("abc", 9))), count(string.byte("abc", 1, -1)))
say(count(table.insert({}, 1)), count(table.remove({})), count(table.remove { 1 }), (table.insert({}, 1)))
local a, b, c = string.byte("xyz", 2); say(a, b, c)
local a, b, c = (function(...) return select(2, ...) end)(1, 2, 3); say(a, b, c)
local a, b = (function(...) return select(3, ...) end)(1, 2, 3); say(a, b)
local t = { string.len("abc"), string.byte("abc", 1, 2), math.max(1, 2), select(9, 1) }; say(#t, t[1], t[2], t[3], t[4])
say((function(...) return select("#", ...) end)(nil, nil), select("#"), select(-1, 1, 2), (select(2, "a", "b", "c")))
local function tail(s) return string.byte(s, 1) end say(tail("A"), count(tail("")), (tail("")))
local function tails(...) return select(...) end say(count(tails(2, 1, 2, 3)), count(tails("#")), count(tails(9)))
local function tail_type(v) return type(v) end say(pcall(tail_type, 1), (coroutine.wrap(function() return type(nil) end)()))
do local function nothing(s) return table.insert(s, 1) end say(count(nothing {}), nothing {}) end

-- Arguments that are not plain.
say(string.len(12), string.sub(12345, 2, 3), string.byte("abc", "2"), string.sub("hello", 2.0), ("x"):rep(3, ","))
say(string.sub("hello", -3), string.sub("hello", 0), string.sub("hello", 4, 2) == "", string.sub("hello", 1, 99), string.sub("hello", math.mininteger, math.maxinteger))
say(string.sub("hello", 2, nil), string.byte("hello", nil, nil), string.byte("hello", -1), count(string.byte("hello", 0)))
say(math.floor("3.7"), math.floor(-3.5), math.floor(2^53), math.floor(2^70), math.ceil(-0.5), math.floor(1e308), math.ceil(3))
say(math.max(1, 2.5), math.max(2, 2.0), math.max(2.0, 2), math.min(3), math.min(1.5, 1), math.max(0/0, 1) ~= math.max(0/0, 1), math.max(-0.0, 0.0))
say(math.abs(math.mininteger), math.abs(-0.0), math.tointeger(3.0), math.tointeger(3.5), math.tointeger("8"), math.fmod(-5, 3), math.fmod(5.5, 2), math.fmod(5, -0.0) ~= math.fmod(5, 0.0))
say(tonumber("0x1p4"), tonumber("  12  "), tonumber("1e1"), tonumber("abc"), tonumber("10", 2), tonumber(nil), tonumber(3.5), tonumber("5", nil))
say(fails(tonumber), fails(math.floor, {}), fails(math.max), fails(string.sub), fails(string.sub, "x"), fails(string.char, 256), fails(string.byte))
say(fails(type), fails(rawlen, 3), fails(rawget, {}), fails(rawequal, 1), fails(select, 0), fails(select, {}), fails(assert), fails(assert, false), fails(assert, nil, "why"))
say(fails(setmetatable, {}), fails(setmetatable, 1, {}), fails(getmetatable), fails(table.insert, {}), fails(table.insert, {}, 1, 2, 3), fails(table.insert, 5, 1))
say(fails(math.fmod, 1, 0), fails(math.tointeger), math.tointeger({}), string.char(), string.char(72, 105), string.char(0) == "\0")
say(assert(1, 2, 3), (assert("only")), count(assert(1, 2, 3)), rawequal("a" .. "b", "ab"), rawequal({}, {}), rawequal(1, 1.0), rawlen({ 1, 2 }), rawlen("four"))
say(type(nil), type(print), type(type), type(io.stdout), type(coroutine.create(print)), type("x"), type(2.5), type({}), type(true))

-- Metatables of basic types and of tables.
debug.setmetatable(1, { __tostring = function(n) return "<" .. math.type(n) .. ">" end })
say(tostring(5) == "<integer>", tostring(2.5) == "<float>", tostring("s"))
debug.setmetatable(1, nil)
getmetatable("").__tostring = function(s) return "[" .. #s .. "]" end
local shown = { tostring("abc"), tostring(12) }
getmetatable("").__tostring = nil
say(shown[1], shown[2], tostring("abc"), tostring(-0.0), tostring(math.mininteger))
local protected = setmetatable({}, { __metatable = "locked" })
say(getmetatable(protected), fails(setmetatable, protected, {}), getmetatable("x").__index == string, getmetatable({}), getmetatable(5))
local log = {}
local watched = setmetatable({}, { __newindex = function(t, k, v) log[#log + 1] = k; rawset(t, k, v) end, __len = function() return 10 end, __index = function(_, k) return "at " .. k end })
table.insert(watched, "v"); say(log[1], rawlen(watched), rawget(watched, 11), rawget(watched, 1), table.remove(watched), log[2])
local class = {}; local object = setmetatable({}, class)
table.insert(class, 1); class.__index = class; say(object[1], object[2]); table.remove(class); say(object[1])
say(setmetatable(object, nil) == object, getmetatable(object), setmetatable(object, class) == object, object.__index == class)
local weak = setmetatable({}, { __mode = "k" }); weak[{}] = 1; collectgarbage(); say(next(weak))
local finalized = 0; do setmetatable({}, { __gc = function() finalized = finalized + 1 end }) end collectgarbage(); say(finalized)
local late = {}; local o = setmetatable({}, late); late.__index = { found = "later" }; say(o.found, rawget(o, "found"))
do local mode = {}; local w = setmetatable({}, mode); mode.__mode = "v"; w[1] = {}; collectgarbage(); say(w[1]) end

-- Sequences at their edges.
local list = {}
for i = 1, 10 do table.insert(list, i * i) end
say(#list, list[10], table.remove(list), table.remove(list), #list, table.remove({}), table.remove({ n = 1 }))
while #list > 0 do table.remove(list) end
say(#list, next(list), table.remove(list), rawlen(list))
local sparse = { [5] = 5 }; table.insert(sparse, "one"); say(sparse[1], sparse[5], #sparse == 1 or #sparse == 5)
local hashed = {}; for i = 20, 1, -1 do hashed[i] = i end; table.insert(hashed, 21); say(#hashed, hashed[21], table.remove(hashed), #hashed)

-- Hooks see the calls; replaced functions are called.
local calls = {}
debug.sethook(function() local i = debug.getinfo(2, "S"); if i.what == "C" then calls[#calls + 1] = "C" end end, "c")
local n = math.floor(2.5) + string.len("abc")
debug.sethook()
say(n, calls[1], calls[2])
local steps = 0
for i = 1, 6 do
  steps = steps + math.floor(i + 0.5)
  if i == 2 then local real = math.floor; math.floor = function(x) math.floor = real; return 100 end end
end
say(steps)
local type = type; local kinds = {}
for i = 1, 3 do kinds[i] = type(i); type = i == 1 and function() return "mine" end or type end
say(kinds[1], kinds[2], kinds[3])
say(select(2, pcall(function() local x = math.floor({}) end)) == nil, (select(2, pcall(function() string.rep() end)):gsub("^.-:%d+: ", "")))
getmetatable("").__tostring = function(s) return "[" .. #s .. "]" end
print("abc", 5, tostring("x")); getmetatable("").__tostring = nil; print("abc", 5)

--> 0 1 1 3
--> 0 1 1 nil
--> 121 nil nil
--> 2 3 nil
--> 3 nil
--> 3 3 97 2 nil
--> 2 0 2 b
--> 65 0 nil
--> 2 1 0
--> true nil
--> 0
--> 2 23 98 ello x,x,x
--> llo hello true hello hello
--> ello 104 111 0
--> 3 -4 9007199254740992 1.1805916207174e+21 0 1e+308 3
--> 2.5 2 2.0 3 1 true -0.0
--> -9223372036854775808 0.0 3 nil 8 -2 1.5 true
--> 16.0 12 10.0 nil 2 nil 3.5 5
--> bad argument #1 to 'tonumber' (value expected) bad argument #1 to 'math.floor' (number expected, got table) bad argument #1 to 'math.max' (value expected) bad argument #1 to 'string.sub' (string expected, got no value) bad argument #2 to 'string.sub' (number expected, got no value) bad argument #1 to 'string.char' (value out of range) bad argument #1 to 'string.byte' (string expected, got no value)
--> bad argument #1 to 'type' (value expected) bad argument #1 to 'rawlen' (table or string expected, got number) bad argument #2 to 'rawget' (value expected) bad argument #2 to 'rawequal' (value expected) bad argument #1 to 'select' (index out of range) bad argument #1 to 'select' (number expected, got table) bad argument #1 to 'assert' (value expected) assertion failed! why
--> bad argument #2 to 'setmetatable' (nil or table expected, got no value) bad argument #1 to 'setmetatable' (table expected, got number) bad argument #1 to 'getmetatable' (value expected) wrong number of arguments to 'insert' wrong number of arguments to 'insert' bad argument #1 to 'table.insert' (table expected, got number)
--> bad argument #2 to 'math.fmod' (zero) bad argument #1 to 'math.tointeger' (value expected) nil  Hi true
--> 1 only 3 true false true 2 4
--> nil function function userdata thread string number table boolean
--> true true s
--> [3] 12 abc -0.0 -9223372036854775808
--> locked cannot change a protected metatable true nil nil
--> 11 0 v nil at 10 10
--> 1 nil
--> nil
--> true nil true true
--> nil
--> 1
--> later nil
--> nil
--> 10 100 100 81 8 nil nil
--> 0 nil nil 0
--> one 5 true
--> 21 21 21 20
--> 5 C C
--> 118
--> number mine mine
--> false bad argument #1 to 'rep' (string expected, got no value)
--> [3]	5	[3]
--> abc	5
