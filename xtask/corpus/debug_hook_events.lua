-- Call and return events with names and transferred values, for Lua and native functions.
local events = {}
local watched = {}
local function hook(event)
  local info = debug.getinfo(2, "nSfrt")
  local name = watched[info.func]
  if not name then return end
  local text = event .. " " .. name
  if event ~= "line" then
    local values = {}
    for i = info.ftransfer, info.ftransfer + info.ntransfer - 1 do
      local _, v = debug.getlocal(2, i)
      values[#values + 1] = tostring(v)
    end
    text = text .. "(" .. table.concat(values, ",") .. ")"
  end
  events[#events + 1] = text
end
local function flush() local s = table.concat(events, " "); events = {}; return s end
local function add(a, b) return a + b end
local function none() end
local function many(...) return ... end
local function tail(x) return add(x, 10) end
watched = {[add] = "add", [none] = "none", [many] = "many", [tail] = "tail", [math.max] = "max", [select] = "select"}
debug.sethook(hook, "cr")
local s1 = add(1, 2)
none()
local a, b, c = many("x", nil, "z")
local s2 = tail(5)
local m = math.max(3, 9, 4)
local n = select("#", 1, 2)
debug.sethook()
print(flush())
--> call add(1,2) return add(3) call none() return none() call many() return many(x,nil,z) call tail(5) tail call add(5,10) return add(15) call max(3,9,4) return max(9) call select(#,1,2) return select(2)
-- Calls through metamethods, iterators and pcall.
local mt = setmetatable({}, {__add = add, __index = many, __call = none})
local function add_meta() return mt.key end
mt = setmetatable({}, {__index = none, __unm = many})
debug.sethook(hook, "c")
local _ = mt.x
local __ = -mt == nil
pcall(none)
for _ in none do end
local t = table.concat({1, 2})
table.sort({2, 1}, function(p, q) none(); return p < q end)
debug.sethook()
local calls = select(2, flush():gsub("call none", ""))
print(calls) --> 4
-- Errors skip return events of the frames that they leave.
local function fails() error("x", 0) end
local function catches() return (pcall(fails)) end
watched = {[fails] = "fails", [catches] = "catches", [pcall] = "pcall", [error] = "error"}
debug.sethook(hook, "cr")
catches()
debug.sethook()
print((flush():gsub("function: [%w]+", "F"):gsub("builtin: [%w]+", "F")))
--> call catches() call pcall(F) call fails() call error(x,0) return pcall(false,x) return catches(false)
-- Returns with to-be-closed variables: the __close functions come before the return event.
local closing = function() end
local function closes() local v <close> = setmetatable({}, {__close = closing}); return "result" end
watched = {[closing] = "closing", [closes] = "closes"}
debug.sethook(hook, "r")
closes()
debug.sethook()
print((flush():gsub("table: [%w]+", "T"))) --> return closing() return closes(result)
-- Coroutines: events of the body when the hook is set on the thread.
local body = function(x) local y = coroutine.yield(x); return y end
watched = {[body] = "body", [coroutine.yield] = "yield"}
local co = coroutine.create(body)
debug.sethook(co, hook, "cr")
coroutine.resume(co, 1); coroutine.resume(co, 2)
print(flush()) --> call body(1) call yield(1) return yield(2) return body(2)
-- Depth by counting calls and returns balances.
local depth, deepest = 0, 0
local function rec(k) if k > 0 then rec(k - 1) end return k end
debug.sethook(function(e) if debug.getinfo(2, "f").func == rec then if e == "call" then depth = depth + 1; deepest = math.max(deepest, depth) elseif e == "return" then depth = depth - 1 end end end, "cr")
rec(10)
debug.sethook()
print(depth, deepest) --> 0	11
