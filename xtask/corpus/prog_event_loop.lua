-- Events: emitters, promises with a job queue, timers, streams with pipes, observers with weak references.
local Emitter = {}
Emitter.__index = Emitter
function Emitter.new() return setmetatable({handlers = {}}, Emitter) end
function Emitter:on(name, f) local list = self.handlers[name] or {}; self.handlers[name] = list; list[#list + 1] = f; return function() for i, g in ipairs(list) do if g == f then table.remove(list, i) return true end end return false end end
function Emitter:once(name, f) local off; off = self:on(name, function(...) off(); f(...) end); return off end
function Emitter:emit(name, ...) local list = self.handlers[name]; if not list or #list == 0 then return 0 end local copy = table.move(list, 1, #list, 1, {}); for _, f in ipairs(copy) do local ok, e = pcall(f, ...); if not ok then if name == "error" then error(e, 0) end self:emit("error", e) end end return #copy end
local log = {}
local function note(...) log[#log + 1] = table.concat({...}, ":") end
local function flush() print(table.concat(log, " ")); log = {} end
local e = Emitter.new()
local off = e:on("data", function(a, b) note("first", a, b or "-") end)
e:on("data", function(a) note("second", a) end)
e:once("data", function(a) note("once", a) end)
e:on("error", function(m) note("error", m) end)
note(e:emit("data", 1)); note(e:emit("data", 2, "x")); note(tostring(off()), tostring(off())); note(e:emit("data", 3)); note(e:emit "nothing"); flush()
--> first:1:- second:1 once:1 3 first:2:x second:2 2 true:false second:3 1 0
e:on("data", function() error("handler failed", 0) end); e:emit("data", 4); flush() --> second:4 error:handler failed
-- Promises.
local jobs, Promise = {}, {}
Promise.__index = Promise
local function settle(p, state, value)
  if p.state then return end
  if state == "done" and getmetatable(value) == Promise then value:next(function(v) settle(p, "done", v) end, function(r) settle(p, "failed", r) end) return end
  p.state, p.value = state, value
  for _, w in ipairs(p.waiting) do jobs[#jobs + 1] = w end
end
function Promise.new(f) local p = setmetatable({waiting = {}}, Promise); local ok, m = pcall(f, function(v) settle(p, "done", v) end, function(r) settle(p, "failed", r) end); if not ok then settle(p, "failed", m) end return p end
function Promise:next(on_done, on_failed)
  return Promise.new(function(resolve, reject)
    local function job()
      local handler = self.state == "done" and on_done or self.state == "failed" and on_failed
      if handler then local ok, v = pcall(handler, self.value); if ok then resolve(v) else reject(v) end
      elseif self.state == "done" then resolve(self.value) else reject(self.value) end
    end
    if self.state then jobs[#jobs + 1] = job else self.waiting[#self.waiting + 1] = job end
  end)
end
function Promise:catch(f) return self:next(nil, f) end
local function resolve(v) return Promise.new(function(r) r(v) end) end
local function all(list) return Promise.new(function(done, fail) local left, out = #list, {}; for i, p in ipairs(list) do p:next(function(v) out[i] = v; left = left - 1; if left == 0 then done(out) end end, fail) end end) end
local timers, now = {}, 0
local function after(ms, f) timers[#timers + 1] = {at = now + ms, f = f, order = #timers}; table.sort(timers, function(a, b) if a.at ~= b.at then return a.at < b.at end return a.order < b.order end) end
local function delay(ms, v) return Promise.new(function(r) after(ms, function() r(v) end) end) end
local function run() repeat while #jobs > 0 do table.remove(jobs, 1)() end local t = table.remove(timers, 1); if t then now = t.at; t.f() end until not t and #jobs == 0 end
resolve(1):next(function(v) note("a", v); return v + 1 end):next(function(v) note("b", v); error("broken", 0) end):next(function() note "never" end):catch(function(m) note("caught", m); return "recovered" end):next(function(v) note("then", v) end)
note "sync first"
delay(30, "slow"):next(function(v) note(v, now) end); delay(10, "fast"):next(function(v) note(v, now); return delay(5, "nested") end):next(function(v) note(v, now) end)
all {delay(20, "x"), resolve "y", delay(1, "z")}:next(function(r) note("all", table.concat(r, "")) end)
all {delay(20, "x"), Promise.new(function(_, fail) fail "one failed" end)}:catch(function(m) note(m) end)
Promise.new(function() error("in executor", 0) end):catch(note)
run(); flush() --> sync first a:1 in executor b:2 one failed caught:broken then:recovered fast:10 nested:15 all:xyz slow:30
-- async and await on coroutines.
local function async(f) return function(...) local args = table.pack(...); return Promise.new(function(done, fail) local co = coroutine.create(f); local function step(...) local ok, v = coroutine.resume(co, ...); if not ok then fail(v) elseif coroutine.status(co) == "dead" then done(v) else v:next(function(x) step(true, x) end, function(m) step(false, m) end) end end step(table.unpack(args, 1, args.n)) end) end end
local function await(p) local ok, v = coroutine.yield(p); if not ok then error(v, 0) end return v end
local work = async(function(n) local total = 0; for i = 1, n do total = total + await(delay(i, i * 10)); note("step", i, now) end local ok, m = pcall(await, Promise.new(function(_, fail) fail "expected" end)); note(tostring(ok), m); return total end)
now = 0
work(3):next(function(v) note("total", v) end)
async(function() await(delay(2)); error("async failed", 0) end)():catch(note)
run(); flush() --> step:1:1 async failed step:2:3 step:3:6 false:expected total:60
-- Streams: push sources, transforms, sinks, with end signals.
local function source(list) return function(sink) for _, v in ipairs(list) do if sink(v) == false then return end end sink(nil) end end
local function map(f) return function(sink) return function(v) if v == nil then return sink(nil) end return sink(f(v)) end end end
local function filter(p) return function(sink) return function(v) if v == nil or p(v) then return sink(v) end end end end
local function take(n) return function(sink) local k = 0; return function(v) if v == nil then return sink(nil) end k = k + 1; if k > n then return false end local r = sink(v); if k == n then sink(nil) return false end return r end end end
local function pipe(src, ...) local stages = {...}; local sink = table.remove(stages); for i = #stages, 1, -1 do sink = stages[i](sink) end src(sink) end
pipe(source {1, 2, 3, 4, 5, 6, 7, 8}, filter(function(x) return x % 2 == 0 end), map(function(x) return x * x end), take(3), function(v) note(v == nil and "end" or v) end); flush()
--> 4 16 36 end
-- Observers held weakly disappear with a collection.
local observers = setmetatable({}, {__mode = "k"})
local kept = {name = "kept"}
observers[kept] = function(v) note(kept.name, v) end
local function temporary() observers[{}] = function() note "temporary" end end
temporary(); collectgarbage(); collectgarbage()
for _, f in pairs(observers) do f "ping" end flush() --> kept:ping
