-- group: oop
-- measures: collisions of moving aircraft: 3-D vectors as objects, a balanced tree as map, a grid of voxels.

local floor, sqrt, cos, sin = math.floor, math.sqrt, math.cos, math.sin

local Vector = {}
Vector.__index = Vector
local function vector(x, y, z) return setmetatable({ x = x, y = y, z = z }, Vector) end
function Vector:plus(other) return vector(self.x + other.x, self.y + other.y, self.z + other.z) end
function Vector:minus(other) return vector(self.x - other.x, self.y - other.y, self.z - other.z) end
function Vector:times(factor) return vector(self.x * factor, self.y * factor, self.z * factor) end
function Vector:dot(other) return self.x * other.x + self.y * other.y + self.z * other.z end
function Vector:length() return sqrt(self:dot(self)) end

-- An AA tree (Andersson): a balanced map whose keys compare with `compare_to`.
local Tree = {}
Tree.__index = Tree
function Tree.new() return setmetatable({ root = nil, count = 0 }, Tree) end

local function skew(node)
  local left = node.left
  if left and left.level == node.level then
    node.left, left.right = left.right, node
    return left
  end
  return node
end

local function split(node)
  local right = node.right
  if right and right.right and right.right.level == node.level then
    node.right, right.left = right.left, node
    right.level = right.level + 1
    return right
  end
  return node
end

local function insert(tree, node, key, value)
  if not node then
    tree.count = tree.count + 1
    return { key = key, value = value, level = 1, left = nil, right = nil }
  end
  local order = key:compare_to(node.key)
  if order == 0 then
    node.value = value
    return node
  elseif order < 0 then
    node.left = insert(tree, node.left, key, value)
  else
    node.right = insert(tree, node.right, key, value)
  end
  return split(skew(node))
end

function Tree:put(key, value) self.root = insert(self, self.root, key, value) end

function Tree:get(key)
  local node = self.root
  while node do
    local order = key:compare_to(node.key)
    if order == 0 then return node.value end
    node = order < 0 and node.left or node.right
  end
  return nil
end

local function visit(node, action)
  if node then
    visit(node.left, action)
    action(node.key, node.value)
    visit(node.right, action)
  end
end

function Tree:each(action) visit(self.root, action) end

local Cell = {}
Cell.__index = Cell
local function cell(x, y) return setmetatable({ x = x, y = y }, Cell) end
function Cell:compare_to(other)
  if self.x ~= other.x then return self.x < other.x and -1 or 1 end
  if self.y ~= other.y then return self.y < other.y and -1 or 1 end
  return 0
end

local CallSign = {}
CallSign.__index = CallSign
local function call_sign(number) return setmetatable({ number = number }, CallSign) end
function CallSign:compare_to(other) return self.number - other.number end

local RADIUS, VOXEL = 1.0, 3.0

-- Where two spheres that move in straight lines during one step come within reach.
local function meeting_point(a, b)
  local start = a.from:minus(b.from)
  local travel = a.to:minus(a.from):minus(b.to:minus(b.from))
  local speed = travel:dot(travel)
  local reach = 2 * RADIUS
  if speed == 0 then
    if start:length() > reach then return nil end
    return a.from:plus(b.from):times(0.5)
  end
  local half = start:dot(travel)
  local discriminant = half * half - speed * (start:dot(start) - reach * reach)
  if discriminant < 0 then return nil end
  local root = sqrt(discriminant)
  local first, last = (-half - root) / speed, (-half + root) / speed
  if last < 0 or first > 1 then return nil end
  if first < 0 then first = 0 end
  local on_a = a.from:plus(a.to:minus(a.from):times(first))
  local on_b = b.from:plus(b.to:minus(b.from):times(first))
  return on_a:plus(on_b):times(0.5)
end

local Detector = {}
Detector.__index = Detector
function Detector.new() return setmetatable({ positions = Tree.new() }, Detector) end

-- Registers a motion in every voxel that its bounding box touches.
local function register(voxels, motion)
  local from, to = motion.from, motion.to
  local low_x, high_x = from.x, to.x
  if low_x > high_x then low_x, high_x = high_x, low_x end
  local low_y, high_y = from.y, to.y
  if low_y > high_y then low_y, high_y = high_y, low_y end
  for x = floor((low_x - RADIUS) / VOXEL), floor((high_x + RADIUS) / VOXEL) do
    for y = floor((low_y - RADIUS) / VOXEL), floor((high_y + RADIUS) / VOXEL) do
      local key = cell(x, y)
      local members = voxels:get(key)
      if members then
        members[#members + 1] = motion
      else
        voxels:put(key, { motion })
      end
    end
  end
end

function Detector:step(aircraft)
  local voxels = Tree.new()
  for index = 1, #aircraft do
    local craft = aircraft[index]
    local previous = self.positions:get(craft.sign)
    self.positions:put(craft.sign, craft.position)
    register(voxels, { sign = craft.sign, from = previous or craft.position, to = craft.position })
  end
  local seen, collisions, distance = {}, 0, 0
  voxels:each(function(_, members)
    for i = 1, #members - 1 do
      local a = members[i]
      for j = i + 1, #members do
        local b = members[j]
        local pair = a.sign.number * 1000 + b.sign.number
        if not seen[pair] then
          seen[pair] = true
          local point = meeting_point(a, b)
          if point then
            collisions = collisions + 1
            distance = distance + point:length()
          end
        end
      end
    end
  end)
  return collisions, distance
end

local function simulate(count, steps)
  local signs, detector = {}, Detector.new()
  for index = 1, count do signs[index] = call_sign(index) end
  local collisions, distance = 0, 0
  for step = 0, steps - 1 do
    local time = step / 10
    local aircraft = {}
    for index = 1, count, 2 do
      local x, y = time, cos(time) * 2 + index * 3
      aircraft[index] = { sign = signs[index], position = vector(x, y, 10) }
      aircraft[index + 1] = { sign = signs[index + 1], position = vector(x, sin(time) * 2 + index * 3, 10) }
    end
    local found, where = detector:step(aircraft)
    collisions, distance = collisions + found, distance + where
  end
  return collisions, distance
end

local collisions, distance = simulate(120, 900)
print(string.format("collision %d %.4f", collisions, distance))
