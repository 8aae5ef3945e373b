-- Tail calls: no growth of the stack, through methods, varargs, metamethods, native functions.
local function count(n) if n == 0 then return "done" end return count(n - 1) end
print(count(30000)) --> done
local function even(n) if n == 0 then return true end return odd(n - 1) end
function odd(n) if n == 0 then return false end return _even(n - 1) end
_even = even
print(even(20001), odd(20001)); odd, _even = nil, nil --> false	true
local obj = {n = 0}
function obj:step(k) if k == 0 then return self.n end self.n = self.n + 1; return self:step(k - 1) end
print(obj:step(20000)) --> 20000
local function va(n, ...) if n == 0 then return select("#", ...), ... end return va(n - 1, ...) end
print(va(30000, "a", nil, "c")); print(va(30000))
--> 3	a	nil	c
--> 0
local callable = setmetatable({}, {__call = function(self, n) if n == 0 then return "callable done" end return self(n - 1) end})
print(callable(30000)) --> callable done
local function acc(n, s) if n == 0 then return s end return acc(n - 1, s + n) end
print(acc(20000, 0)) --> 200010000
-- Different numbers of parameters and registers in caller and callee.
local many
local function few(n) if n == 0 then return "few" end return many(n - 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10) end
function many(n, a, b, c, d, e, f, g, h, i, j) local k, l, m = a + b, c + d, e + f; if n == 0 then return "many", k + l + m + j end return few(n - 1) end
print(few(20001)); print(few(20000))
--> many	31
--> few
-- Tail calls of native functions and through pcall (which is not one for the protected function).
local function native(...) return select("#", ...) end
print(native(1, 2, 3), (function(...) return string.rep(...) end)("ab", 3), (function() return math.max(3, 9, 2) end)())
--> 3	ababab	9
local function protected(n) if n == 0 then error("bottom", 0) end return pcall(protected, n - 1) end
print(select("#", protected(50))) --> 51
-- What is not a tail call keeps its frame: parentheses, operators, extra values, to-be-closed variables.
local function istail() return debug.getinfo(1, "t").istailcall end
print((function() return istail() end)(), (function() return (istail()) end)(), (function() return istail(), 1 end)(), (function() return not istail() end)(), (function() local c <close> = nil; return istail() end)())
--> true	false	false	true	false
-- Upvalues are closed at a tail call; arguments are evaluated first.
local function capture(n, list) local v = n; list[#list + 1] = function() v = v + 1; return v end; if n == 0 then return list end return capture(n - 1, list) end
local list = capture(3, {})
print(list[1](), list[1](), list[2](), list[4]()) --> 4	5	3	1
local function swap(a, b, n) if n == 0 then return a, b end return swap(b, a, n - 1) end
print(swap("x", "y", 7)) --> y	x
-- In coroutines; yields in tail position; a state machine of tail calls.
local co = coroutine.wrap(function(n) local function loop(k) if k == 0 then return coroutine.yield("yielded in tail") end return loop(k - 1) end return loop(n) end)
print(co(1000), co("resumed", "values")) --> yielded in tail	resumed	values
local states = {}
function states.start(input, pos, out) local c = input:sub(pos, pos); if c == "" then return out end return (states[c] or states.other)(input, pos, out) end
states["("] = function(i, p, o) return states.start(i, p + 1, o .. "open ") end
states[")"] = function(i, p, o) return states.start(i, p + 1, o .. "close ") end
function states.other(i, p, o) return states.start(i, p + 1, o .. i:sub(p, p) .. " ") end
print(states.start("(a(b))", 1, ""):sub(1, -2)) --> open a open b close close
-- Traceback mentions lost frames.
local tb = (function() return (function() local t = debug.traceback("x"); return t end)() end)()
print(tb:find("(...tail calls...)", 1, true) ~= nil) --> true
