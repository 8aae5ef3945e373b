-- Globals, upvalues and fields that change under compiled accesses; _ENV replaced; fields of modules.
counter = 0
local function inc() counter = counter + 1; return counter end
local log = {}
for i = 1, 3 do log[#log + 1] = inc() end
counter = 10.5; log[#log + 1] = inc(); counter = "7"; log[#log + 1] = inc(); counter = setmetatable({}, {__add = function() return "meta" end}); log[#log + 1] = inc(); counter = nil
log[#log + 1] = tostring(pcall(inc)); counter = 1; log[#log + 1] = inc()
print(table.concat(log, " ")) --> 1 2 3 11.5 8 meta false 2
-- Deleted, created, moved between the raw table and __index of _G.
local function read() return vanishing end
local function write(v) vanishing = v end
log = {tostring(read())}
write(1); log[#log + 1] = read(); vanishing = nil; log[#log + 1] = tostring(read()); setmetatable(_G, {__index = {vanishing = "inherited"}}); log[#log + 1] = read(); write "own"; log[#log + 1] = read(); rawset(_G, "vanishing", nil); log[#log + 1] = read()
setmetatable(_G, {__newindex = function(t, k, v) rawset(t, k, "trapped " .. tostring(v)) end}); write "x"; log[#log + 1] = read(); write "y"; log[#log + 1] = read(); setmetatable(_G, nil); vanishing = nil; log[#log + 1] = tostring(read())
print(table.concat(log, " ")) --> nil 1 nil inherited own inherited trapped x y nil
-- Many globals are made while one is cached; the table of globals is rehashed.
stable = "stable"
local function get_stable() return stable end
log = {get_stable()}
for i = 1, 100 do _G["filler" .. i] = i end
log[#log + 1] = get_stable()
for i = 1, 100 do _G["filler" .. i] = nil end
collectgarbage(); for i = 1, 20 do _G["other" .. i] = i end
log[#log + 1] = get_stable(); stable = "changed"; log[#log + 1] = get_stable()
for i = 1, 20 do _G["other" .. i] = nil end
print(table.concat(log, " ")); stable, counter = nil, nil --> stable stable stable changed
-- _ENV as upvalue: replaced for a function that has already run.
local function make() local _ENV = {v = "first"}; return function() return v end, function(e) _ENV = e end end
local get, replace = make()
log = {get()}; replace {v = "second"}; log[#log + 1] = get(); replace(setmetatable({}, {__index = function(_, k) return "computed " .. k end})); log[#log + 1] = get(); log[#log + 1] = tostring(pcall(function() replace(nil); return get() end)); replace {v = 5}; log[#log + 1] = get()
print(table.concat(log, ", ")) --> first, second, computed v, false, 5
-- Module fields through locals, upvalues, globals, arguments.
local M = {f = function() return "f1" end, n = {deep = {value = 1}}}
mod_global = M
local function via_upvalue() return M.f() end
local function via_global() return mod_global.f() end
local function via_argument(m) return m.f() end
local function deep() return M.n.deep.value end
log = {via_upvalue(), via_global(), via_argument(M), deep()}
M.f = function() return "f2" end; M.n.deep.value = 2; log[#log + 1] = via_upvalue() .. via_global() .. via_argument(M) .. deep()
M.n.deep = {value = 3}; log[#log + 1] = deep(); M.n = {deep = {value = 4}}; log[#log + 1] = deep(); mod_global = {f = function() return "g" end}; log[#log + 1] = via_global(); M = {f = function() return "whole" end, n = {deep = setmetatable({}, {__index = {value = "idx"}})}}; log[#log + 1] = via_upvalue() .. deep()
log[#log + 1] = via_argument {f = function() return "lit" end}; log[#log + 1] = via_argument(setmetatable({}, {__index = {f = function() return "inh" end}}))
print(table.concat(log, " ")); mod_global = nil --> f1 f1 f1 1 f2f2f22 3 4 g wholeidx lit inh
-- Locals captured before and after reassignment; loops that reassign a captured function.
local fn = function() return 1 end
local function uses() return fn() end
log = {uses()}; fn = function() return 2 end; log[#log + 1] = uses(); for i = 3, 5 do fn = function() return i end; log[#log + 1] = uses() end
local fixed = function() return "fixed" end
local function uses_fixed() return fixed() end
log[#log + 1] = uses_fixed(); print(table.concat(log, " ")) --> 1 2 3 4 5 fixed
-- Same name at several levels; shadowing by parameters, loop variables and nested functions.
name = "global"
local function levels(name) local outer = name; do local name = "block"; outer = outer .. name end for name = 1, 1 do outer = outer .. name end local function inner() return name .. _G.name end return outer .. inner() end
print(levels "param", name); name = nil --> paramblock1paramglobal	global
-- Constants that look like variables, and variables that are never assigned.
local K <const>, never = 5
local function fold() return K + K * 2, never, K == 5, -K, K .. "" end
print(fold()) --> 15	nil	true	-5	5
-- A global function that redefines itself while it runs.
function self_changing(n) if n == 0 then self_changing = function() return "replaced" end return "original" end return self_changing(n - 1) .. n end
print(self_changing(2), self_changing(2)); self_changing = nil --> original12	replaced
