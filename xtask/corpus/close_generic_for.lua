-- The fourth value of a generic for: closed at the end, at a break, at an error, at a goto and return.
local log = {}
local function flush() local s = table.concat(log, " "); log = {}; return "[" .. s .. "]" end
local function range(n, name)
  local c = setmetatable({}, {__close = function(_, e) log[#log + 1] = "close " .. name .. (e and " " .. tostring(e) or "") end})
  return function(_, i) if i < n then return i + 1 end end, nil, 0, c
end
for i in range(3, "a") do log[#log + 1] = i end
print(flush()) --> [1 2 3 close a]
for i in range(3, "b") do if i == 2 then break end log[#log + 1] = i end
print(flush()) --> [1 close b]
local function f() for i in range(5, "c") do if i == 3 then return i, flush() end end end
print(f()); print(flush())
--> 3	[]
--> [close c]
print(pcall(function() for i in range(3, "d") do error("E" .. i, 0) end end)); print(flush())
--> false	E1
--> [close d E1]
for i in range(2, "outer") do for j in range(2, "inner") do if j == 2 then goto continue end log[#log + 1] = i .. j end ::continue:: end
print(flush()) --> [11 close inner 21 close inner close outer]
for i in range(3, "e") do if i == 2 then goto out end end
::out::
print(flush()) --> [close e]
for k, v in next, {x = 1}, nil, nil do log[#log + 1] = k .. v end
for k, v in next, {y = 2}, nil, false do log[#log + 1] = k .. v end
print(flush()) --> [x1 y2]
local function err(fn, ...) return (select(2, pcall(fn, ...)):gsub("^[^:]+:%d+: ", "")) end
print(err(function() for i in next, {}, nil, {} do end end)); print(err(function() for i in next, {}, nil, 5 do end end))
--> variable '(for state)' got a non-closable value
--> variable '(for state)' got a non-closable value
-- The iterator fails; the closing value fails; both.
local function failing(at, raise) local n = 0; return function() n = n + 1; if n == at then error("iterator failed", 0) end return n end, nil, nil,
  setmetatable({}, {__close = function(_, e) log[#log + 1] = "closed " .. tostring(e); if raise then error(raise, 0) end end}) end
print(pcall(function() for i in failing(3) do log[#log + 1] = i end end)); print(flush())
--> false	iterator failed
--> [1 2 closed iterator failed]
print(pcall(function() for i in failing(2, "close failed") do end end)); print(flush())
--> false	close failed
--> [closed iterator failed]
print(pcall(function() for i in failing(5, "after break") do break end end)); print(flush())
--> false	after break
--> [closed nil]
-- In coroutines: suspended in the body, then closed; yields in the iterator and in the closing.
local co = coroutine.create(function() for i in range(3, "suspended") do coroutine.yield(i) end end)
print(coroutine.resume(co)); print(coroutine.resume(co)); print(coroutine.close(co), flush())
--> true	1
--> true	2
--> true	[close suspended]
local w = coroutine.wrap(function()
  for v in function() return coroutine.yield "iterator" end, nil, nil, setmetatable({}, {__close = function() coroutine.yield "closing" end}) do log[#log + 1] = v end
  return "end"
end)
print(w(), w("v1"), w("v2"), w(nil), w(), flush()) --> iterator	iterator	iterator	closing	end	[v1 v2]
-- Closures capture the loop variables, the closing value stays hidden from debug.getlocal names of the body.
local fs = {}
for i in range(3, "captured") do fs[i] = function() return i end end
print(fs[1](), fs[2](), fs[3](), flush()) --> 1	2	3	[close captured]
-- pairs with a __pairs gives no closing value; nor does ipairs.
print(select("#", pairs {}), select("#", ipairs {}), select("#", io.lines and string.gmatch("x", "x"))) --> 3	3	1
-- Nested functions that return from inside of two loops.
local function search(want) for i in range(4, "rows") do for j in range(4, "cols") do if i * j == want then return i .. "x" .. j end end end return "none" end
print(search(6), flush()); print(search(100), #log)
--> 2x3	[close cols close cols close rows]
--> none	5
