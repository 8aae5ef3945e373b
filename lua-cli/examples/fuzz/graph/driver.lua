-- The operations of the random mutator, as Lua does them. The host decides which comes next, knows what the graph is afterwards, and
-- looks at what it gets. No register keeps an object that the host believes to be gone: operations are functions of their own, and
-- coroutines overwrite what is left.

local R, H, WEAK = roots, host, {}
local step, check, check_weak, check_frame, made = H.step, H.check, H.check_weak, H.check_frame, H.made
local yield, resume, create, wrap, close = coroutine.yield, coroutine.resume, coroutine.create, coroutine.wrap, coroutine.close
local setmetatable, getmetatable, next, type, select, pcall, error = setmetatable, getmetatable, next, type, select, pcall, error
local remove, insert, move, pack, unpack = table.remove, table.insert, table.move, table.pack, table.unpack

local FINALIZED = {
  __gc = function(o)
    local slot, again, fails = H.finalized(o)
    if slot then R[slot] = o end
    if again then setmetatable(o, getmetatable(o)) end
    local garbage = {o, {}}
    if fails then error "on purpose" end
  end,
}
local CLOSED = {__close = function(o) H.closed(o) end}
for mode, text in pairs {"k", "v", "kv"} do WEAK[mode] = {__mode = text} end

local function clear() end

-- Short strings are found in the table of strings, long ones are not.
local function text(n)
  if n < 1000 then return "key" .. n end
  return ("text" .. n .. " "):rep(8)
end

local names = {function(t, v) t.x = v end, function(t, v) t.y = v end, function(t, v) t.z = v end}
local drive

local function serve(held, levels)
  if levels > 0 then
    serve(held, levels - 1)
    clear(nil, nil, nil, nil)
    return
  end
  local p, q
  while true do
    local command, x, y = yield()
    if command == 1 then p = R[x]
    elseif command == 2 then q = R[x]
    elseif command == 3 then R[x] = p
    elseif command == 4 then R[x] = q
    elseif command == 5 then
      R[x] = function(op, v)
        if op == 0 then return p, q elseif op == 1 then p = v else q = v end
      end
      made(y, R[x])
    elseif command == 6 then return
    elseif command == 7 then serve(R[x], y)
    elseif command == 8 then
      local closed <close> = setmetatable({id = y}, CLOSED)
      made(y, closed)
      serve(R[x], 0)
    elseif command == 9 then drive()
    elseif command == 10 then
      check_frame(p, q, held)
      look(p) look(q) look(held)
    elseif command == 11 then error(R[x], 0)
    elseif command == 12 then p, q = q, p
    end
    clear(nil, nil, nil, nil, nil, nil)
  end
end

local function go_on(co, ...)
  if type(co) == "function" then return pcall(co, ...) end
  return resume(co, ...)
end

local function deep(levels, held)
  if levels == 0 then return drive() end
  local kept = held
  deep(levels - 1, held)
  if levels % 50 == 1 then H.check_held(kept) end
end

local ops = {}

function ops.nothing() end
function ops.drop(a) R[a] = nil end
function ops.copy(a, b) R[a] = R[b] end
function ops.adopt(a, b) R[a] = R[b] R[b] = nil end
function ops.text(a, n) R[a] = text(n) end
function ops.same_text(a, n) H.equal(R[a] == text(n)) end
function ops.garbage(n)
  local t = {}
  for i = 1, n do t[i] = {"garbage " .. i} end
end

function ops.table(a, id) R[a] = {id = id} made(id, R[a]) end
function ops.pair(a, id, b, c) R[a] = {R[b], R[c], id = id} made(id, R[a]) end
function ops.weak(a, id, mode) R[a] = setmetatable({id = id}, WEAK[mode]) made(id, R[a]) end
function ops.finalized(a) setmetatable(R[a], FINALIZED) end
function ops.meta(a, b) setmetatable(R[a], R[b]) end
function ops.no_meta(a) setmetatable(R[a], nil) end

function ops.set_text(a, n, b) R[a][text(n)] = R[b] end
function ops.set_int(a, n, b) R[a][n] = R[b] end
function ops.set_object(a, c, b) R[a][R[c]] = R[b] end
function ops.set_name(a, n, b) names[n](R[a], R[b]) end
function ops.raw_set(a, n, b) rawset(R[a], text(n), R[b]) end
function ops.get_text(a, n, b) R[b] = R[a][text(n)] check(R[b]) end
function ops.get_int(a, n, b) R[b] = R[a][n] check(R[b]) end
function ops.get_object(a, c, b) R[b] = R[a][R[c]] check(R[b]) end
function ops.get_name(a, n, b)
  local t = R[a]
  if n == 1 then R[b] = t.x elseif n == 2 then R[b] = t.y else R[b] = t.z end
  check(R[b])
end
function ops.weak_text(a, n, b) R[b] = R[a][text(n)] check_weak(R[b]) end
function ops.weak_object(a, c, b) R[b] = R[a][R[c]] check_weak(R[b]) end
function ops.weak_next(a, n, b)
  local key, found = text(n)
  for k, v in next, R[a] do
    if k == key then found = v end
  end
  R[b] = found
  check_weak(found)
end
function ops.clear(a)
  local t = R[a]
  for k in next, t do
    if k ~= "id" then t[k] = nil end
  end
end

function ops.append(a, b, n)
  local t, v = R[a], R[b]
  for i = #t + 1, #t + n do t[i] = v end
end
function ops.pop(a, n)
  local t = R[a]
  for i = 1, n do remove(t) end
end
function ops.shift(a) remove(R[a], 1) end
function ops.unshift(a, b) insert(R[a], 1, R[b]) end
function ops.move_items(a, b, n) move(R[a], 1, n, 1, R[b]) end

-- A large table, its ranges, and new objects that only it has.
function ops.large(a, id, n, b)
  local t, v = {id = id}, R[b]
  R[a] = t
  made(id, t)
  for i = 1, n do t[i] = v end
end
function ops.fill(a, from, to, b)
  local t, v = R[a], R[b]
  for i = from, to, from > to and -1 or 1 do
    if t[i] == nil then t[i] = v end
  end
end
function ops.fresh(a, id, at, n)
  local t = R[a]
  for i = 0, n - 1 do
    local key = at + 3 * i
    t[key] = {id = id + i}
    made(id + i, t[key])
  end
end
function ops.cut(a, from, to)
  local t = R[a]
  for i = from, to do t[i] = nil end
end
function ops.insert_at(a, n, b) insert(R[a], n, R[b]) end
function ops.remove_at(a, n) remove(R[a], n) end
function ops.move_within(a, from, to, at) move(R[a], from, to, at) end
function ops.move_range(a, from, to, b) move(R[a], from, to, from + 7, R[b]) end
function ops.unpacked(a, id, b, n) R[a] = {id = id, unpack(R[b], 1, n)} made(id, R[a]) end
local function packed(id, ...)
  local t = pack(...)
  t.n, t.id = nil, id
  return t
end
function ops.packed(a, id, b, n) R[a] = packed(id, unpack(R[b], 1, n)) made(id, R[a]) end
function ops.store_range(a, from, n, b)
  local t, v = R[a], R[b]
  for i = from, from + n - 1 do t[i] = v end
end

function ops.closure(a, id, b, c)
  local p, q = R[b], R[c]
  R[a] = function(op, v)
    if op == 0 then return p, q elseif op == 1 then p = v else q = v end
  end
  made(id, R[a])
end
function ops.closures(a, id, b, c)
  local p, q = R[b], R[c]
  local first = function(op, v)
    if op == 0 then return p, q elseif op == 1 then p = v else q = v end
  end
  R[a] = first
  made(id, first)
  R[b] = function(op, v)
    if op == 0 then return q, p elseif op == 1 then q = v else p = v end
  end
  made(id + 1, R[b])
end
function ops.set_upvalue(a, n, b) R[a](n, R[b]) end
function ops.get_upvalue(a, n, b) R[b] = select(n, R[a](0)) check(R[b]) end

function ops.coroutine(a, id, b, levels)
  R[a] = create(serve)
  made(id, R[a])
  resume(R[a], R[b], levels)
end
function ops.wrapped(a, id, b, levels)
  R[a] = wrap(serve)
  made(id, R[a])
  R[a](R[b], levels)
end
function ops.resume(a, command, x, y) go_on(R[a], command, x, y) end
function ops.fetch(a, command, x) go_on(R[a], command, x) check(R[x]) end
function ops.close(a) close(R[a]) end
function ops.fail(a, x)
  local co = R[a]
  local ok, e = go_on(co, 11, x)
  if type(co) == "thread" then close(co) end
  check(e)
end
function ops.deep(levels, b) deep(levels, R[b]) H.release() end

function ops.item(a, id, finalizer) R[a] = H.item(id, finalizer == 1 and FINALIZED or nil) made(id, R[a]) end
function ops.set_user(a, n, b) H.set_user(R[a], n, R[b]) end
function ops.get_user(a, n, b) R[b] = H.get_user(R[a], n) check(R[b]) end

function ops.collect() collectgarbage() end
function ops.gc_step(n) collectgarbage("step", n) end
function ops.mode(n) collectgarbage(n == 1 and "generational" or "incremental") end
function ops.count() collectgarbage "count" end

-- Everything that the roots lead to is looked at.
local function walk()
  local list, seen = {}, {}
  function look(o)
    local t = type(o)
    if (t == "table" or t == "function" or t == "thread" or t == "userdata") and not seen[o] then
      seen[o] = true
      list[#list + 1] = o
    end
  end
  for i = 1, H.roots do
    H.check_root(i, R[i])
    look(R[i])
  end
  local at = 1
  while list[at] do
    local o = list[at]
    local what = H.whole(o)
    if what == 1 then
      for k, v in next, o do look(k) look(v) end
      local mt = getmetatable(o)
      if not H.is_special(mt) then look(mt) end
    elseif what == 2 then
      local p, q = o(0)
      H.check_variables(o, p, q)
      look(p) look(q)
    elseif what == 3 then
      H.frame_of(o)
      go_on(o, 10)
    elseif what == 4 then
      look(H.get_user(o, 1)) look(H.get_user(o, 2))
    end
    at = at + 1
  end
  look = nil
end

function ops.walk() H.reach() walk() end

local function settle()
  repeat
    H.begin_collection()
    collectgarbage()
  until H.is_settled()
end

-- Stopped, so that each collection is one whole cycle.
function ops.strict()
  collectgarbage "stop"
  settle()
  ops.walk()
  H.quiet()
  drive()
  H.expect_order()
  collectgarbage()
  H.order_ended()
  settle()
  H.strict()
  walk()
  H.not_strict()
  collectgarbage "restart"
end

local by_number = {}
for number, name in ipairs(H.names) do by_number[number] = ops[name] end

function drive()
  while true do
    local op, a, b, c, d = step()
    if not op then return end
    by_number[op](a, b, c, d)
  end
end

H.special(FINALIZED, 4)
H.special(CLOSED, 5)
for mode = 1, 3 do H.special(WEAK[mode], mode) end
_G.drive = drive
_G.settle = settle
