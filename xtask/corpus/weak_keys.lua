-- Weak keys: ephemerons, chains, values that refer to their keys, string and number keys.
local function full() collectgarbage(); collectgarbage() end
local function count(t) local n = 0; for _ in pairs(t) do n = n + 1 end return n end
local e = setmetatable({}, {__mode = "k"})
local keep = {}
local function fill()
  for i = 1, 10 do local k = {}; e[k] = {i}; if i > 7 then keep[i] = k end end
  e.string, e[1], e[2.5], e[true], e[print] = {"s"}, {"n"}, {"f"}, {"b"}, {"function"}
end
fill(); full()
print(count(e), e.string[1], e[1][1], e[2.5][1], e[true][1], e[print][1], e[keep[8]][1], e[keep[10]][1]) --> 8	s	n	f	b	function	8	10
-- A value that refers to its own key does not keep it.
local self = setmetatable({}, {__mode = "k"})
local function selfish() for i = 1, 10 do local k = {}; self[k] = {k}; k = {}; self[k] = k; k = {}; self[k] = function() return k end end end
selfish(); full()
print(count(self)) --> 0
-- Chains of ephemerons: the head keeps all, dropping it drops all.
local chain = setmetatable({}, {__mode = "k"})
local head = {}
local function build(n) local k = head; for i = 1, n do local next_key = {i}; chain[k] = next_key; k = next_key end end
build(30); full()
print(count(chain)) --> 30
local function length() local n, k = 0, head; while chain[k] do k = chain[k]; n = n + 1 end return n end
print(length()) --> 30
head = nil; full()
print(count(chain)) --> 0
-- The same, across two tables, in both orders of creation.
local function across(first_mode, second_mode)
  local a, b = setmetatable({}, {__mode = first_mode}), setmetatable({}, {__mode = second_mode})
  local root = {}
  local function go() local k = root; for i = 1, 10 do local v = {}; a[k] = v; local u = {}; b[v] = u; k = u end end
  go(); full()
  local n = count(a) + count(b)
  root = nil; full()
  return n, count(a) + count(b)
end
print(across("k", "k")) --> 20	0
print(across("kv", "k")) --> 0	0
-- Weak keys and values at once.
local kv = setmetatable({}, {__mode = "kv"})
local held = {}
local function both() kv[{}] = held; kv[held] = {}; kv[1] = {}; kv[2] = held; kv[held] = held; kv[{}] = {}; kv.s = "string" end
both(); full()
print(count(kv), kv[held] == held, kv[2] == held, kv.s, kv[1]) --> 3	true	true	string	nil
-- Private data of objects.
local private = setmetatable({}, {__mode = "k"})
local Account = {}
Account.__index = Account
local function new(balance) local self = setmetatable({}, Account); private[self] = {balance = balance}; return self end
function Account:deposit(n) private[self].balance = private[self].balance + n; return private[self].balance end
local acc = new(10)
local function throwaway() for i = 1, 20 do new(i):deposit(1) end end
throwaway(); full()
print(acc:deposit(5), count(private)) --> 15	1
-- Ephemerons whose values are coroutines or closures that hold the key on their stacks.
local co_table = setmetatable({}, {__mode = "k"})
local function suspend() for i = 1, 5 do local k = {}; local co = coroutine.create(function() local mine = k; coroutine.yield(); return mine end); coroutine.resume(co); co_table[k] = co end end
suspend(); full()
print(count(co_table)) --> 0
-- Clearing entries while traversing a weak table, and filling it again after.
for i = 1, 10 do co_table[keep[8]] = i end
for k in pairs(co_table) do co_table[k] = nil; full() end
print(count(co_table), next(co_table)) --> 0	nil
