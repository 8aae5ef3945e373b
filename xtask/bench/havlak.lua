-- group: oop
-- measures: finding nested loops of control-flow graphs: depth-first search, union-find, sets of objects.

local Block = {}
Block.__index = Block

local Graph = {}
Graph.__index = Graph

function Graph.new() return setmetatable({ blocks = {} }, Graph) end

function Graph:block()
  local block = setmetatable({ name = #self.blocks + 1, incoming = {}, outgoing = {} }, Block)
  self.blocks[block.name] = block
  return block
end

function Block:connect(target)
  self.outgoing[#self.outgoing + 1] = target
  target.incoming[#target.incoming + 1] = self
  return target
end

-- if/else: four blocks, joined at the end.
local function diamond(graph, start)
  local left, right, join = graph:block(), graph:block(), graph:block()
  start:connect(left)
  start:connect(right)
  left:connect(join)
  right:connect(join)
  return join
end

local function straight(graph, start, count)
  for _ = 1, count do start = start:connect(graph:block()) end
  return start
end

-- A loop with a diamond and two inner loops, repeated.
local function nest(graph, start)
  local header = straight(graph, start, 1)
  local inner = diamond(graph, header)
  for _ = 1, 2 do
    local top = straight(graph, inner, 1)
    local bottom = straight(graph, diamond(graph, top), 1)
    bottom:connect(top)
    inner = bottom
  end
  inner:connect(header)
  return straight(graph, inner, 1)
end

-- Two blocks that enter each other: a region with two entries.
local function tangle(graph, start)
  local left, right, after = graph:block(), graph:block(), graph:block()
  start:connect(left)
  start:connect(right)
  left:connect(right)
  right:connect(left)
  right:connect(after)
  return after
end

local function example(regions)
  local graph = Graph.new()
  local block = graph:block()
  for region = 1, regions do
    local header = straight(graph, block, 2)
    block = nest(graph, header)
    block = nest(graph, block)
    if region % 4 == 0 then block = tangle(graph, block) end
    if region % 3 == 0 then block:connect(block) end
    block:connect(header)
    block = straight(graph, block, 1)
  end
  return graph
end

-- A set in union-find: the representative is the header of the innermost loop found so far.
local Node = {}
Node.__index = Node

function Node:find()
  local root = self
  while root.parent ~= root do root = root.parent end
  local node = self
  while node ~= root do node, node.parent = node.parent, root end
  return root
end

local Loop = {}
Loop.__index = Loop

function Loop:depth()
  local depth, parent = 0, self.parent
  while parent do
    depth = depth + 1
    parent = parent.parent
  end
  return depth
end

local function number_nodes(graph)
  local nodes, of_block = {}, {}
  -- An explicit stack, so that a long graph needs no deep recursion.
  local stack = { { block = graph.blocks[1], edge = 1 } }
  local function enter(block)
    local node = setmetatable({ block = block, number = #nodes + 1, last = 0, loop = nil }, Node)
    node.parent = node
    nodes[node.number] = node
    of_block[block] = node
  end
  enter(graph.blocks[1])
  while #stack > 0 do
    local frame = stack[#stack]
    local target = frame.block.outgoing[frame.edge]
    if target then
      frame.edge = frame.edge + 1
      if not of_block[target] then
        enter(target)
        stack[#stack + 1] = { block = target, edge = 1 }
      end
    else
      of_block[frame.block].last = #nodes
      stack[#stack] = nil
    end
  end
  return nodes, of_block
end

local function find_loops(graph)
  local nodes, of_block = number_nodes(graph)
  local loops = {}
  local back, others = {}, {}
  for number = 1, #nodes do
    local node = nodes[number]
    back[number], others[number] = {}, {}
    for _, source in ipairs(node.block.incoming) do
      local from = of_block[source]
      if from then
        local is_back = number <= from.number and from.number <= node.last
        local list = is_back and back[number] or others[number]
        list[#list + 1] = from
      end
    end
  end

  for number = #nodes, 1, -1 do
    local header = nodes[number]
    local body, in_body = {}, {}
    local is_self_loop, irreducible = false, false
    for _, source in ipairs(back[number]) do
      if source == header then
        is_self_loop = true
      else
        local root = source:find()
        if not in_body[root] and root ~= header then
          in_body[root] = true
          body[#body + 1] = root
        end
      end
    end
    local position = 1
    while position <= #body do
      local member = body[position]
      position = position + 1
      for _, source in ipairs(others[member.number]) do
        local root = source:find()
        if not (header.number <= root.number and root.number <= header.last) then
          irreducible = true
          others[number][#others[number] + 1] = root
        elseif not in_body[root] and root ~= header then
          in_body[root] = true
          body[#body + 1] = root
        end
      end
    end
    if #body > 0 or is_self_loop then
      local loop = setmetatable({ header = header, parent = nil, reducible = not irreducible, size = 1 }, Loop)
      header.loop = loop
      for _, member in ipairs(body) do
        member.parent = header
        if member.loop then
          member.loop.parent = loop
          loop.size = loop.size + member.loop.size
        else
          loop.size = loop.size + 1
        end
      end
      loops[#loops + 1] = loop
    end
  end
  return loops, #nodes
end

local summary
for _ = 1, 80 do
  local graph = example(120)
  local loops, count = find_loops(graph)
  local depth, size, irreducible = 0, 0, 0
  for _, loop in ipairs(loops) do
    depth = depth + loop:depth()
    size = size + loop.size
    if not loop.reducible then irreducible = irreducible + 1 end
  end
  summary = string.format("havlak %d %d %d %d %d", count, #loops, depth, size, irreducible)
end
print(summary)
