-- Data structures: deque, binary heap, Dijkstra, union-find, ring buffer, LRU cache.
local Deque = {}
Deque.__index = Deque
function Deque.new() return setmetatable({first = 0, last = -1}, Deque) end
function Deque:push_left(v) self.first = self.first - 1; self[self.first] = v end
function Deque:push_right(v) self.last = self.last + 1; self[self.last] = v end
function Deque:pop_left() if self.first > self.last then return nil end local v = self[self.first]; self[self.first] = nil; self.first = self.first + 1; return v end
function Deque:pop_right() if self.first > self.last then return nil end local v = self[self.last]; self[self.last] = nil; self.last = self.last - 1; return v end
Deque.__len = function(self) return self.last - self.first + 1 end
local d = Deque.new()
for i = 1, 5 do d:push_left(i); d:push_right(i * 10) end
print(#d, d:pop_left(), d:pop_right(), d:pop_left(), #d) --> 10	5	50	4	7
local rest = {}
while #d > 0 do rest[#rest + 1] = d:pop_left() end
print(table.concat(rest, " "), d:pop_left(), d:pop_right()) --> 3 2 1 10 20 30 40	nil	nil
local Heap = {}
Heap.__index = Heap
function Heap.new(less) return setmetatable({less = less or function(a, b) return a < b end}, Heap) end
function Heap:push(v)
  local i = #self + 1
  self[i] = v
  while i > 1 and self.less(self[i], self[i // 2]) do self[i], self[i // 2] = self[i // 2], self[i]; i = i // 2 end
end
function Heap:pop()
  local top, n = self[1], #self
  self[1] = self[n]; self[n] = nil
  local i = 1
  while true do
    local least, l, r = i, 2 * i, 2 * i + 1
    if self[l] and self.less(self[l], self[least]) then least = l end
    if self[r] and self.less(self[r], self[least]) then least = r end
    if least == i then return top end
    self[i], self[least] = self[least], self[i]
    i = least
  end
end
local h, seed = Heap.new(), 17
for i = 1, 100 do seed = seed * 75 % 65537; h:push(seed % 1000) end
local previous, sorted = -1, true
for i = 1, 100 do local v = h:pop(); sorted = sorted and v >= previous; previous = v end
print(sorted, h:pop(), #h) --> true	nil	0
-- Shortest paths.
local graph = {a = {b = 7, c = 9, f = 14}, b = {a = 7, c = 10, d = 15}, c = {a = 9, b = 10, d = 11, f = 2}, d = {b = 15, c = 11, e = 6}, e = {d = 6, f = 9}, f = {a = 14, c = 2, e = 9}, alone = {}}
local function dijkstra(from)
  local dist, prev, heap = {[from] = 0}, {}, Heap.new(function(x, y) return x[1] < y[1] end)
  heap:push {0, from}
  while #heap > 0 do
    local cost, node = table.unpack(heap:pop())
    if cost == dist[node] then
      for to, w in pairs(graph[node]) do
        if cost + w < (dist[to] or math.huge) then dist[to] = cost + w; prev[to] = node; heap:push {cost + w, to} end
      end
    end
  end
  return dist, prev
end
local dist, prev = dijkstra "a"
local path, node = {}, "e"
while node do table.insert(path, 1, node); node = prev[node] end
print(dist.b, dist.c, dist.d, dist.e, dist.f, dist.alone, table.concat(path, ">")) --> 7	9	20	20	11	nil	a>c>f>e
-- Union-find with path compression.
local parent, components = {}, 20
for i = 1, 20 do parent[i] = i end
local function find(x) if parent[x] ~= x then parent[x] = find(parent[x]) end return parent[x] end
local function union(a, b) a, b = find(a), find(b); if a ~= b then parent[a] = b; components = components - 1 end end
for i = 1, 18 do if i % 3 ~= 0 then union(i, i + 1) end end
union(1, 20)
print(components, find(1) == find(3), find(3) == find(4), find(2) == find(20)) --> 7	true	false	true
-- LRU cache with a doubly linked list.
local LRU = {}
LRU.__index = LRU
function LRU.new(n) local s = {}; s.next, s.prev = s, s; return setmetatable({max = n, map = {}, list = s, size = 0}, LRU) end
local function unlink(e) e.prev.next, e.next.prev = e.next, e.prev end
function LRU:front(e) local s = self.list; e.next, e.prev = s.next, s; s.next.prev = e; s.next = e end
function LRU:get(k) local e = self.map[k]; if e then unlink(e); self:front(e); return e.value end end
function LRU:set(k, v)
  local e = self.map[k]
  if e then e.value = v; unlink(e); self:front(e) return end
  if self.size == self.max then local old = self.list.prev; unlink(old); self.map[old.key] = nil; self.size = self.size - 1 end
  e = {key = k, value = v}
  self.map[k] = e; self:front(e); self.size = self.size + 1
end
local cache, hits = LRU.new(3), 0
for _, k in ipairs {"a", "b", "c", "a", "d", "b", "a", "e", "a", "c"} do if cache:get(k) then hits = hits + 1 else cache:set(k, k:upper()) end end
local order, e = {}, cache.list.next
while e ~= cache.list do order[#order + 1] = e.key .. e.value; e = e.next end
print(hits, cache.size, table.concat(order, " ")) --> 3	3	cC aA eE
-- Ring buffer with modulo arithmetic.
local ring, head, count = {}, 0, 0
local function put(v) ring[(head + count) % 4] = v; if count == 4 then head = (head + 1) % 4 else count = count + 1 end end
for i = 1, 10 do put(i) end
local content = {}
for i = 0, count - 1 do content[#content + 1] = ring[(head + i) % 4] end
print(table.concat(content, " ")) --> 7 8 9 10
