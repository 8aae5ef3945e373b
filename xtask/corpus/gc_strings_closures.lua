-- Collections at awkward moments: while strings, closures, coroutines and tables are built; nothing live is lost.
local function gc() collectgarbage() return "" end
local s = ""
for i = 1, 10 do s = s .. i .. gc() .. "," end
print(s) --> 1,2,3,4,5,6,7,8,9,10,
local function make(n) local parts = {}; for i = 1, n do parts[i] = ("%d:%s"):format(i, gc() .. ("x"):rep(i)) end return table.concat(parts, " ") end
print(make(4)) --> 1:x 2:xx 3:xxx 4:xxxx
print(("a b c"):gsub("%a", function(c) gc(); return c:upper() .. gc() end), ("k=v"):gsub("(%w)=(%w)", function(a, b) gc(); return b .. a end))
--> A B C	vk	1
local t = {gc() .. "one", x = gc() .. "field", gc() .. "two", [gc() .. "computed"] = {gc() .. "nested"}, (function() gc() return "three", "four" end)()}
print(#t, t[1], t[2], t[3], t[4], t.x, t.computed[1]) --> 4	one	two	three	four	field	nested
-- Sorting with a comparison that collects; iteration over a table while collecting.
local list = {}
for i = 1, 12 do list[i] = {v = i * 7 % 13} end
table.sort(list, function(a, b) gc(); return a.v < b.v end)
local o = {}
for i, e in ipairs(list) do gc(); o[i] = e.v end
print(table.concat(o, " ")) --> 1 2 3 4 5 6 7 8 9 10 11 12
local n = 0
for k, v in pairs({a = {1}, b = {2}, c = {3}}) do gc(); n = n + v[1] end
for w in ("x y z"):gmatch "%a" do gc(); n = n + #w end
print(n) --> 9
-- Closures whose upvalues are only reachable through them, chained; closed by a return and by an error.
local function chain(k) if k == 0 then return function() return "end of chain" end end local next_one = chain(k - 1); local label = "level " .. k; return function(all) gc(); if all then return label .. ", " .. next_one(all) end return label end end
local c = chain(3)
gc(); print(c(), c(true)) --> level 3	level 3, level 2, level 1, end of chain
local function thrower() local secret = {"kept by closure"}; local function get() return secret[1] end; gc(); error(get) end
local _, get = pcall(thrower)
gc(); print(get()) --> kept by closure
-- Values that are only on a coroutine's stack, in a pending call, in varargs, in a to-be-closed variable.
local co = coroutine.wrap(function(...) local mine = {table.concat({...}, "+")}; local got = coroutine.yield(gc() .. "yielded"); local more = {mine[1] .. got}; coroutine.yield(gc() .. more[1]); return mine[1] end)
print(co("a", "b")); gc(); print(co("c" .. gc())); gc(); print(co())
--> yielded
--> a+bc
--> a+b
local log = {}
do local closing <close> = setmetatable({name = "closing" .. gc()}, {__close = function(self) gc(); log[#log + 1] = self.name end}); gc() end
print(log[1]) --> closing
print(select("#", (function(...) gc(); return ... end)({}, {}, gc() .. "v")), (function(...) gc(); return (select(3, ...)) end)({}, {}, "third" .. gc()))
--> 3	third
-- Metamethods that collect, in the middle of expressions.
local mt = {}
mt.__add = function(a, b) gc(); return setmetatable({v = a.v + b.v}, mt) end
mt.__concat = function(a, b) gc(); return (type(a) == "table" and a.v or a) .. (type(b) == "table" and b.v or b) end
mt.__index = function(_, k) gc(); return k .. gc() end
mt.__eq = function(a, b) gc(); return a.v == b.v end
local function num(v) return setmetatable({v = v}, mt) end
print((num(1) + num(2) + num(3)).v, "<" .. num(4) .. num(5) .. ">", num(1).field .. num(2).other, num(6) == num(6), num(1) + num(1) == num(2))
--> 6	<45>	fieldother	true	true
-- load and string.dump with collections in the reader; require with one in the loader.
local pieces, at = {"return ", "{", "1, ", "'two'", "}"}, 0
local f = load(function() gc(); at = at + 1; return pieces[at] end)
gc(); print(f()[2]); print(load(string.dump(function(x) local y = {x .. gc()}; gc(); return y[1] end), "=d", "b", _G) ~= nil)
--> two
--> true
package.preload.collecting = function(name) gc(); return {name = name .. gc()} end
print(require "collecting".name); package.loaded.collecting, package.preload.collecting = nil, nil --> collecting
-- Interned and long strings that die and come back.
for round = 1, 3 do local key = "dyn" .. "amic" .. round; local tt = {[key] = round}; key = nil; gc(); assert(tt["dynamic" .. round] == round); local long = ("long"):rep(30) .. round; tt = {[long] = true}; long = nil; gc(); assert(tt[("long"):rep(30) .. round]) end
-- Error objects and messages survive the unwinding.
print(select(2, pcall(function() gc(); error({m = "object " .. gc()}) end)).m, select(2, pcall(error, "mess" .. gc() .. "age", 0)), select(2, xpcall(function() error("handled", 0) end, function(m) gc(); return m .. gc() .. "!" end)))
--> object 	message	handled!
