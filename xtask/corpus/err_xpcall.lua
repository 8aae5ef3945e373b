-- xpcall: handlers, arguments, tracebacks, errors inside of handlers.
local traceback = debug.traceback
print(xpcall(function(...) return select("#", ...), ... end, print, 1, nil, 3)); print(xpcall(error, function(m) return m, "second is dropped" end, "message"))
--> true	3	1	nil	3
--> false	message
print(xpcall(error, function(m) return {wrapped = m} end, "x") == false, select(2, xpcall(error, function(m) return {wrapped = m} end, "x")).wrapped)
--> true	x
print(xpcall(error, function() end, "x")); print(xpcall(error, tostring, nil)); print(xpcall(error, type)); print(xpcall(error, math.abs, -5))
--> false	nil
--> false	nil
--> false	nil
--> false	5
-- The handler runs at the point of the error: it sees the stack and its locals.
local function deep() local secret = "visible"; error("E", 0) end
print(xpcall(deep, function(m) --> false	E secret=visible
  for level = 1, 10 do
    local info = debug.getinfo(level, "f")
    if info and info.func == deep then local name, value = debug.getlocal(level, 1); return m .. " " .. name .. "=" .. value end
  end
  return "not found"
end))
local ok, tb = xpcall(load("local function f() error('oops') end\nlocal function g() f() end\ng()", "=chunk"), traceback)
print(ok, tb:match("^chunk:1: oops\nstack traceback:\n") ~= nil, tb:find("chunk:1: in ", 1, true) ~= nil, tb:find("chunk:2: in ", 1, true) ~= nil, tb:find("chunk:3: in ", 1, true) ~= nil)
--> false	true	true	true	true
-- Runtime errors of the machine reach the handler as strings with positions.
print(select(2, xpcall(load("local t\nreturn t.x", "=c"), function(m) return "<" .. m .. ">" end))); print(select(2, xpcall(load("return 1 + {}", "=c"), function(m) return "<" .. m .. ">" end)))
--> <c:2: attempt to index a nil value (local 't')>
--> <c:1: attempt to perform arithmetic on a table value>
print(select(2, xpcall(load("undefined()", "=c"), string.upper))) --> C:1: ATTEMPT TO CALL A NIL VALUE (GLOBAL 'UNDEFINED')
-- Errors inside of the handler call the handler again.
local calls = 0
print(xpcall(error, function(m) calls = calls + 1; if calls < 4 then error("again", 0) end return "handled " .. tostring(m) .. " after " .. calls end, "first"))
--> false	handled again after 4
ok, tb = xpcall(error, function(m) error(m) end, "always")
print(ok, type(tb)) --> false	string
-- Nested xpcall with different handlers; the handler of the inner one does not see outer errors.
print(xpcall(function() local a = {xpcall(error, function(m) return "inner " .. m end, "one")}; error(a[2] .. " two", 0) end, function(m) return "outer " .. m end))
--> false	outer inner one two
print(xpcall(function() return pcall(error, "caught by pcall") end, function() return "handler not used" end))
--> true	false	caught by pcall
print(pcall(function() return xpcall(function() error("e1", 0) end, function(m) return pcall(error, m .. "+e2") end) end))
--> true	false	false
-- Handlers and coroutines: the body of a coroutine is outside of the handler.
print(xpcall(function() return coroutine.resume(coroutine.create(error), "in coroutine") end, function() return "not used" end))
--> true	false	in coroutine
print(xpcall(function() return coroutine.wrap(error)("through wrap") end, function(m) return "used for " .. m:gsub("^[^:]+:%d+: ", "") end))
--> false	used for through wrap
-- Wrong arguments.
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
print(err(xpcall)); print(err(xpcall, print)); print(err(xpcall, print, 5)); print(xpcall(5, function(m) return "H:" .. m end)); print(xpcall(nil, function(m) return "H:" .. m end))
--> bad argument #2 to 'xpcall' (function expected, got no value)
--> bad argument #2 to 'xpcall' (function expected, got no value)
--> bad argument #2 to 'xpcall' (function expected, got number)
--> false	H:attempt to call a number value
--> false	H:attempt to call a nil value
-- Error in __index, __close and iterators inside of xpcall.
print(xpcall(function() return setmetatable({}, {__index = function(_, k) error("no " .. k, 0) end}).field end, function(m) return m .. "!" end))
--> false	no field!
print(xpcall(function() for _ in function() error("iterator", 0) end do end end, function(m) return m .. "!" end)) --> false	iterator!
-- traceback: message kinds pass through, levels, threads.
print(type(traceback(nil)), traceback(5):match("^(5)\nstack"), type(traceback({})), traceback("m", 1):match("^m\n(stack traceback:)\n"), type(traceback()))
--> string	5	table	stack traceback:	string
local co = coroutine.create(function() local x = coroutine.yield(); error "y" end)
coroutine.resume(co)
print(traceback(co):match("^stack traceback:\n") ~= nil, traceback(co, "msg"):match("^(msg)\nstack"), traceback(co, nil, 1):match("^stack traceback:") ~= nil, traceback(coroutine.create(print)))
--> true	msg	true	stack traceback:
print((traceback("x", 0):gsub("\n.*", "")), #traceback("m", 100) < 40, traceback(co, {}) ~= nil) --> x	true	true
local function recurse(n) if n == 0 then return traceback("deep") end return (recurse(n - 1)) end
local text = recurse(60)
local _, lines = text:gsub("\n", "\n")
print(lines < 30, text:find("\n\t...\t(skipping ", 1, true) ~= nil) --> true	true
