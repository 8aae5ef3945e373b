-- Trees: AVL with iteration, trie, binary search tree removal, tree printing, zippers, quad tree.
local AVL = {}
AVL.__index = AVL
local function height(n) return n and n.height or 0 end
local function update(n) n.height = math.max(height(n.left), height(n.right)) + 1; return n end
local function rotate(n, a, b) local m = n[a]; n[a] = m[b]; m[b] = update(n); return update(m) end
local function balance(n)
  update(n)
  local d = height(n.left) - height(n.right)
  if d > 1 then if height(n.left.left) < height(n.left.right) then n.left = rotate(n.left, "right", "left") end return rotate(n, "left", "right") end
  if d < -1 then if height(n.right.right) < height(n.right.left) then n.right = rotate(n.right, "left", "right") end return rotate(n, "right", "left") end
  return n
end
local function insert(n, k, v) if not n then return {key = k, value = v, height = 1} end if k == n.key then n.value = v return n end local side = k < n.key and "left" or "right"; n[side] = insert(n[side], k, v); return balance(n) end
local function least(n) while n.left do n = n.left end return n end
local function remove(n, k)
  if not n then return nil end
  if k < n.key then n.left = remove(n.left, k) elseif k > n.key then n.right = remove(n.right, k)
  elseif not n.left or not n.right then return n.left or n.right
  else local m = least(n.right); n.key, n.value = m.key, m.value; n.right = remove(n.right, m.key) end
  return balance(n)
end
local function new() return setmetatable({}, AVL) end
function AVL:set(k, v) if v == nil then self.root = remove(self.root, k) else self.root = insert(self.root, k, v) end return self end
function AVL:get(k) local n = self.root; while n and n.key ~= k do n = k < n.key and n.left or n.right end return n and n.value end
AVL.__pairs = function(self) local function walk(n) if n then walk(n.left); coroutine.yield(n.key, n.value); walk(n.right) end end return coroutine.wrap(function() walk(self.root) end) end
AVL.__len = function(self) local function count(n) return n and 1 + count(n.left) + count(n.right) or 0 end return count(self.root) end
local t = new()
for i = 1, 64 do t:set(i * 37 % 101, i) end
print(#t, t.root.height, t:get(37), t:get(36) ~= nil, t:get(1000)) --> 64	7	1	true	nil
for i = 1, 40 do t:set(i * 37 % 101, nil) end
local keys, sorted = {}, true
for k, v in pairs(t) do sorted = sorted and (not keys[#keys] or keys[#keys] < k); keys[#keys + 1] = k end
print(#t, t.root.height, sorted, table.concat(keys, " ", 1, 8)) --> 24	6	true	2 5 8 12 15 22 25 32
local words = new()
for w in ("it was the best of times it was the worst of times"):gmatch "%a+" do words:set(w, (words:get(w) or 0) + 1) end
local list = {}
for w, n in pairs(words) do list[#list + 1] = w .. n end
print(table.concat(list, " ")) --> best1 it2 of2 the2 times2 was2 worst1
-- Trie with prefixes and deletion.
local function trie() return {children = {}} end
local function add(n, word) for c in word:gmatch "." do n.children[c] = n.children[c] or trie(); n = n.children[c] end n.word = word end
local function prefix(n, p)
  for c in p:gmatch "." do n = n.children[c]; if not n then return {} end end
  local out = {}
  local function collect(m) if m.word then out[#out + 1] = m.word end local cs = {}; for c in pairs(m.children) do cs[#cs + 1] = c end table.sort(cs); for _, c in ipairs(cs) do collect(m.children[c]) end end
  collect(n)
  return out
end
local function erase(n, word, i) i = i or 1; if i > #word then n.word = nil else local c = word:sub(i, i); local m = n.children[c]; if m and erase(m, word, i + 1) then n.children[c] = nil end end return not n.word and next(n.children) == nil end
local root = trie()
for w in ("car card care cat dog do done"):gmatch "%a+" do add(root, w) end
print(table.concat(prefix(root, "ca"), " "), table.concat(prefix(root, "do"), " "), #prefix(root, "x"), #prefix(root, ""))
--> car card care cat	do dog done	0	7
erase(root, "card"); erase(root, "done"); erase(root, "nothing"); print(table.concat(prefix(root, ""), " "), root.children.d.children.o.children.n)
--> car care cat do dog	nil
-- Drawing, depth, mirror, serialization, comparison of trees given as nested tables.
local tree = {"root", {"a", {"a1"}, {"a2", {"deep"}}}, {"b"}, {"c", {"c1"}}}
local function draw(n, indent, last, out) out[#out + 1] = indent .. (indent == "" and "" or last and "`-" or "|-") .. n[1]; for i = 2, #n do draw(n[i], indent == "" and " " or indent .. (last and "  " or "| "), i == #n, out) end return out end
for _, l in ipairs(draw(tree, "", true, {})) do print(l) end
--> root
-->  |-a
-->  | |-a1
-->  | `-a2
-->  |   `-deep
-->  |-b
-->  `-c
-->    `-c1
local function depth(n) local d = 0; for i = 2, #n do d = math.max(d, depth(n[i])) end return d + 1 end
local function mirror(n) local m = {n[1]}; for i = #n, 2, -1 do m[#m + 1] = mirror(n[i]) end return m end
local function text(n) local p = {}; for i = 2, #n do p[#p + 1] = text(n[i]) end return n[1] .. (#p > 0 and "(" .. table.concat(p, ",") .. ")" or "") end
local function parse(s) local pos = 1; local function node() local name = s:match("^%w+", pos); pos = pos + #name; local n = {name}; if s:sub(pos, pos) == "(" then repeat pos = pos + 1; n[#n + 1] = node() until s:sub(pos, pos) ~= ","; pos = pos + 1 end return n end return node() end
print(depth(tree), text(tree), text(mirror(tree)), text(parse(text(tree))) == text(tree), text(mirror(mirror(tree))) == text(tree))
--> 4	root(a(a1,a2(deep)),b,c(c1))	root(c(c1),b,a(a2(deep),a1))	true	true
-- Breadth first order, paths to the leaves, lowest common ancestor, fold.
local queue, order = {tree}, {}
while #queue > 0 do local n = table.remove(queue, 1); order[#order + 1] = n[1]; for i = 2, #n do queue[#queue + 1] = n[i] end end
local function paths(n, at, out) at = at .. "/" .. n[1]; if #n == 1 then out[#out + 1] = at end for i = 2, #n do paths(n[i], at, out) end return out end
local function path_to(n, name, acc) acc = {table.unpack(acc or {})}; acc[#acc + 1] = n[1]; if n[1] == name then return acc end for i = 2, #n do local p = path_to(n[i], name, acc); if p then return p end end end
local function common(a, b) local p, q = path_to(tree, a), path_to(tree, b); local last; for i = 1, math.min(#p, #q) do if p[i] == q[i] then last = p[i] end end return last end
local function fold(n, f) local r = {}; for i = 2, #n do r[#r + 1] = fold(n[i], f) end return f(n[1], r) end
print(table.concat(order, " "), table.concat(paths(tree, "", {}), " "), common("a1", "deep"), common("deep", "c1"), fold(tree, function(_, r) local s = 1; for _, x in ipairs(r) do s = s + x end return s end))
--> root a b c a1 a2 c1 deep	/root/a/a1 /root/a/a2/deep /root/b /root/c/c1	a	root	8
