-- __close and __gc on the same objects: order, once each, with errors, in coroutines that are dropped or closed.
local log = {}
local function flush() local s = table.concat(log, " "); log = {}; return "[" .. s .. "]" end
local function full() collectgarbage(); collectgarbage() end
local function resource(name) return setmetatable({name = name, open = true}, {__close = function(self, e) log[#log + 1] = "close " .. self.name .. (e and " " .. tostring(e) or ""); self.open = false end, __gc = function(self) log[#log + 1] = (self.open and "leaked " or "gone ") .. self.name end}) end
local function scope() local r <close> = resource "a"; log[#log + 1] = "using " .. r.name end
scope(); full(); print(flush()) --> [using a close a gone a]
local function leak() local r = resource "b"; log[#log + 1] = "using " .. r.name end
leak(); full(); print(flush()) --> [using b leaked b]
pcall(function() local r <close> = resource "c"; error("E", 0) end); full(); print(flush()) --> [close c E gone c]
-- A pool that hands out resources and takes them back by __close.
local pool, made = {}, 0
local function acquire() local r = table.remove(pool); if not r then made = made + 1; r = {id = made} end return setmetatable({r = r}, {__close = function(self) pool[#pool + 1] = self.r; self.r = nil end}) end
local function use() local x <close> = acquire(); local y <close> = acquire(); return x.r.id .. y.r.id end
print(use(), use(), made, #pool); do local a <close> = acquire(); local b <close> = acquire(); local c <close> = acquire(); print(a.r.id + b.r.id + c.r.id, made) end print(#pool)
--> 12	12	2	2
--> 6	3
--> 3
-- A suspended coroutine that is dropped is not closed, but its objects are finalized; a closed one does both.
local function suspended(name) local co = coroutine.create(function() local r <close> = resource(name); coroutine.yield(); log[#log + 1] = "never" end); coroutine.resume(co); return co end
local function drop() suspended "dropped" end
drop(); full(); print(flush()) --> [leaked dropped]
local function closed() print(coroutine.close(suspended "closed")) end
closed(); full(); print(flush())
--> true
--> [close closed gone closed]
-- Locks and transactions: released on every way out.
local lock = {held = 0}
local function hold() lock.held = lock.held + 1; return setmetatable({}, {__close = function() lock.held = lock.held - 1 end}) end
local function ways(kind) local l <close> = hold(); if kind == "return" then return "returned", lock.held end for i = 1, 3 do local l2 <close> = hold(); if kind == "break" and i == 2 then break end if kind == "error" then error("failed", 0) end if kind == "goto" then goto out end end ::out:: return kind, lock.held end
for _, k in ipairs {"return", "break", "error", "goto", "plain"} do print(pcall(ways, k)); assert(lock.held == 0) end
--> true	returned	1
--> true	break	1
--> false	failed
--> true	goto	1
--> true	plain	1
local function transaction(store, f) local saved = {}; for k, v in pairs(store) do saved[k] = v end local tx <close> = setmetatable({}, {__close = function(self, e) if e or not self.commit then for k in pairs(store) do store[k] = nil end for k, v in pairs(saved) do store[k] = v end end end}); local r = f(store, tx); return r end
local store = {x = 1}
pcall(transaction, store, function(s) s.x = 2; s.y = 3; error "abort" end); print(store.x, store.y) --> 1	nil
transaction(store, function(s, tx) s.x = 5; tx.commit = true end); transaction(store, function(s) s.x = 9 end); print(store.x) --> 5
-- Timers of nested scopes, in a recursive function; results pass through; deferred calls in reverse order.
local function defer(f, ...) local args = table.pack(...); return setmetatable({}, {__close = function() f(table.unpack(args, 1, args.n)) end}) end
local function note(...) log[#log + 1] = table.concat({...}, "") end
local function recursive(n) local d <close> = defer(note, "out", n); note("in", n); if n > 0 then local r = recursive(n - 1); return r .. n end return "0" end
print(recursive(3), flush()) --> 0123	[in3 in2 in1 in0 out0 out1 out2 out3]
do local d1 <close> = defer(note, "first"); local d2 <close> = defer(note, "second"); local d3 <close> = defer(note, "third") end
print(flush()) --> [third second first]
-- An object closed twice by two variables; closed while another reference lives; nil and false among them.
do local r = resource "shared"; do local x <close> = r; local y <close> = r; local z <close> = nil end print(r.open) end --> false
full(); print(flush()) --> [close shared close shared gone shared]
-- Finalizers and closing in generic for with an early exit.
local function lines(n) local i, r = 0, resource "lines"; return function() i = i + 1; if i <= n then return i end end, nil, nil, r end
local function first_even() for i in lines(10) do if i % 2 == 0 then return i end end end
print(first_even()); full(); print(flush())
--> 2
--> [close lines gone lines]
