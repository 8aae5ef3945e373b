-- Graphs: components, strong components, topological layers, spanning tree, all pairs, max flow, colouring, bipartite, Euler path.
local function graph(edges, directed) local g = {}; for a, b, w in edges:gmatch "(%w)(%w)(%d*)" do g[a] = g[a] or {}; g[b] = g[b] or {}; g[a][b] = tonumber(w) or 1; if not directed then g[b][a] = tonumber(w) or 1 end end return g end
local function nodes(g) local n = {}; for k in pairs(g) do n[#n + 1] = k end table.sort(n); return n end
local function neighbours(g, n) local out = {}; for k in pairs(g[n]) do out[#out + 1] = k end table.sort(out); return out end
local g = graph "ab bc ca de fg gh hf xy"
local seen, groups = {}, {}
for _, n in ipairs(nodes(g)) do if not seen[n] then local group, stack = {}, {n}; while #stack > 0 do local m = table.remove(stack); if not seen[m] then seen[m] = true; group[#group + 1] = m; for _, k in ipairs(neighbours(g, m)) do stack[#stack + 1] = k end end end table.sort(group); groups[#groups + 1] = table.concat(group) end end
print(table.concat(groups, " ")) --> abc de fgh xy
-- Tarjan's strong components.
local d = graph("ab bc ca cd de ef fd gh hg hd", true)
local index, low, on, stack, count, sccs = {}, {}, {}, {}, 0, {}
local function strong(v)
  count = count + 1; index[v], low[v] = count, count
  stack[#stack + 1] = v; on[v] = true
  for _, w in ipairs(neighbours(d, v)) do if not index[w] then strong(w); low[v] = math.min(low[v], low[w]) elseif on[w] then low[v] = math.min(low[v], index[w]) end end
  if low[v] == index[v] then local scc = {}; repeat local w = table.remove(stack); on[w] = nil; scc[#scc + 1] = w until w == v; table.sort(scc); sccs[#sccs + 1] = table.concat(scc) end
end
for _, v in ipairs(nodes(d)) do if not index[v] then strong(v) end end
print(table.concat(sccs, " ")) --> def abc gh
-- Minimum spanning tree (Kruskal), weight and edges.
local w = graph "ab7 ad5 bc8 bd9 be7 ce5 de15 df6 ef8 eg9 fg11"
local edges, parent = {}, {}
for _, a in ipairs(nodes(w)) do parent[a] = a; for _, b in ipairs(neighbours(w, a)) do if a < b then edges[#edges + 1] = {a, b, w[a][b]} end end end
table.sort(edges, function(x, y) if x[3] ~= y[3] then return x[3] < y[3] end return x[1] .. x[2] < y[1] .. y[2] end)
local function find(x) while parent[x] ~= x do x = parent[x] end return x end
local total, used = 0, {}
for _, e in ipairs(edges) do local a, b = find(e[1]), find(e[2]); if a ~= b then parent[a] = b; total = total + e[3]; used[#used + 1] = e[1] .. e[2] end end
print(total, table.concat(used, " ")) --> 39	ad ce df ab be eg
-- Floyd-Warshall with path reconstruction.
local names, dist, via = nodes(w), {}, {}
for _, a in ipairs(names) do dist[a] = {}; via[a] = {}; for _, b in ipairs(names) do dist[a][b] = a == b and 0 or w[a][b] or math.huge; via[a][b] = b end end
for _, k in ipairs(names) do for _, i in ipairs(names) do for _, j in ipairs(names) do if dist[i][k] + dist[k][j] < dist[i][j] then dist[i][j] = dist[i][k] + dist[k][j]; via[i][j] = via[i][k] end end end end
local function path(a, b) local p = {a}; while a ~= b do a = via[a][b]; p[#p + 1] = a end return table.concat(p) end
print(dist.a.g, path("a", "g"), dist.c.f, path("c", "f"), dist.b.b) --> 22	adfg	13	cef	0
-- Maximum flow by augmenting paths.
local cap = {s = {a = 16, c = 13}, a = {b = 12, c = 10}, b = {c = 9, t = 20}, c = {a = 4, d = 14}, d = {b = 7, t = 4}, t = {}}
local flow = 0
while true do
  local queue, from, head = {"s"}, {s = "s"}, 1
  while queue[head] and not from.t do local v = queue[head]; head = head + 1; for _, u in ipairs(neighbours(cap, v)) do if not from[u] and cap[v][u] > 0 then from[u] = v; queue[#queue + 1] = u end end end
  if not from.t then break end
  local push, v = math.huge, "t"
  while v ~= "s" do push = math.min(push, cap[from[v]][v]); v = from[v] end
  v = "t"
  while v ~= "s" do local u = from[v]; cap[u][v] = cap[u][v] - push; cap[v][u] = (cap[v][u] or 0) + push; v = u end
  flow = flow + push
end
print(flow) --> 23
-- Colouring, bipartite test, Euler circuit, longest path in a DAG, reachability as a closure.
local function colour(gr, k) local c, ns = {}, nodes(gr); local function try(i) local n = ns[i]; if not n then return true end for col = 1, k do local ok = true; for m in pairs(gr[n]) do if c[m] == col then ok = false break end end if ok then c[n] = col; if try(i + 1) then return true end c[n] = nil end end return false end return try(1) end
local petersen = graph "ab bc cd de ea af bg ch di ej fh hj jg gi if"
print(colour(petersen, 2), colour(petersen, 3), colour(graph "ab bc cd da", 2), colour(graph "ab bc ca", 2)) --> false	true	true	false
local function bipartite(gr) local side = {}; for _, s in ipairs(nodes(gr)) do if not side[s] then side[s] = 0; local q = {s}; for _, v in ipairs(q) do for u in pairs(gr[v]) do if side[u] == nil then side[u] = 1 - side[v]; q[#q + 1] = u elseif side[u] == side[v] then return false end end end end end return true end
print(bipartite(graph "ab bc cd da"), bipartite(petersen), bipartite(graph "ab cd")) --> true	false	true
local euler, circuit = graph "ab bc cd da ac ca", {}
local function walk(v) for _, u in ipairs(neighbours(euler, v)) do if euler[v][u] then euler[v][u], euler[u][v] = nil, nil; walk(u) end end circuit[#circuit + 1] = v end
walk "a"
print(#circuit, circuit[#circuit]) --> 6	a
local dag, memo = graph("ab3 ac2 bd4 cd8 de1 be2", true), {}
local function longest(v) if not memo[v] then local best = 0; for u, x in pairs(dag[v]) do best = math.max(best, x + longest(u)) end memo[v] = best end return memo[v] end
local reach = {}
for _, v in ipairs(nodes(dag)) do local r, q = {}, {v}; for _, x in ipairs(q) do for u in pairs(dag[x]) do if not r[u] then r[u] = true; q[#q + 1] = u end end end reach[v] = #nodes(r) end
print(longest "a", longest "b", reach.a, reach.d, reach.e) --> 11	5	4	1	0
