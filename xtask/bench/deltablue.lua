-- group: oop
-- measures: an incremental one-way constraint solver: small objects, polymorphic method calls, lists.

-- Strengths: a smaller number is a stronger wish.
local REQUIRED, STRONG_PREFERRED, PREFERRED, STRONG_DEFAULT, NORMAL, WEAKEST = 0, 1, 2, 3, 4, 6

local function class(parent)
  local created = setmetatable({}, parent)
  created.__index = created
  return created
end

-- A variable knows the constraints that mention it, which of them computes it,
-- and how strongly its value is held (its walkabout strength).
local Variable = class()

local function variable(value)
  return setmetatable({
    value = value, constraints = {}, determined_by = nil, mark = 0, strength = WEAKEST, stays = true,
  }, Variable)
end

function Variable:attach(constraint) self.constraints[#self.constraints + 1] = constraint end

function Variable:detach(constraint)
  local kept = self.constraints
  for index = 1, #kept do
    if kept[index] == constraint then
      table.remove(kept, index)
      break
    end
  end
  if self.determined_by == constraint then self.determined_by = nil end
end

local planner

local Constraint = class()
Constraint.is_input = false

function Constraint:post()
  self:attach()
  planner:add(self)
end

function Constraint:retract()
  if self:is_satisfied() then planner:remove(self) end
  self:detach()
end

-- Tries to enforce the constraint; returns the weaker constraint that had to give way.
function Constraint:satisfy(mark)
  self:choose_method(mark)
  if not self:is_satisfied() then
    assert(self.strength ~= REQUIRED, "could not satisfy a required constraint")
    return nil
  end
  self:mark_inputs(mark)
  local output = self:output()
  local overridden = output.determined_by
  if overridden then overridden:mark_unsatisfied() end
  output.determined_by = self
  assert(planner:propagate(self, mark), "cycle")
  output.mark = mark
  return overridden
end

-- Constraints on one variable.
local Unary = class(Constraint)

function Unary.create(kind, target, strength)
  local self = setmetatable({ target = target, strength = strength, satisfied = false }, kind)
  self:post()
  return self
end

function Unary:attach()
  self.target:attach(self)
  self.satisfied = false
end
function Unary:detach()
  self.target:detach(self)
  self.satisfied = false
end
function Unary:choose_method(mark)
  self.satisfied = self.target.mark ~= mark and self.strength < self.target.strength
end
function Unary:is_satisfied() return self.satisfied end
function Unary:mark_unsatisfied() self.satisfied = false end
function Unary:mark_inputs() end
function Unary:inputs_known() return true end
function Unary:output() return self.target end
function Unary:recalculate()
  self.target.strength = self.strength
  self.target.stays = not self.is_input
  if self.target.stays then self:execute() end
end

local Stay = class(Unary)
function Stay:execute() end

local Edit = class(Unary)
Edit.is_input = true
function Edit:execute() end

-- Constraints between two variables, enforced in one direction at a time.
local FORWARD, BACKWARD = "forward", "backward"
local Binary = class(Constraint)

function Binary:attach()
  self.left:attach(self)
  self.right:attach(self)
  self.direction = nil
end
function Binary:detach()
  self.left:detach(self)
  self.right:detach(self)
  self.direction = nil
end
function Binary:choose_method(mark)
  local left, right, strength = self.left, self.right, self.strength
  if left.mark == mark then
    self.direction = right.mark ~= mark and strength < right.strength and FORWARD or nil
  elseif right.mark == mark then
    self.direction = strength < left.strength and BACKWARD or nil
  elseif left.strength > right.strength then
    self.direction = strength < left.strength and BACKWARD or nil
  else
    self.direction = strength < right.strength and FORWARD or nil
  end
end
function Binary:is_satisfied() return self.direction ~= nil end
function Binary:mark_unsatisfied() self.direction = nil end
function Binary:input() return self.direction == FORWARD and self.left or self.right end
function Binary:output() return self.direction == FORWARD and self.right or self.left end
function Binary:mark_inputs(mark) self:input().mark = mark end
function Binary:inputs_known(mark)
  local input = self:input()
  return input.mark == mark or input.stays or input.determined_by == nil
end
function Binary:recalculate()
  local input, output = self:input(), self:output()
  output.strength = self.strength > input.strength and self.strength or input.strength
  output.stays = input.stays
  if output.stays then self:execute() end
end

local Equality = class(Binary)
function Equality.create(left, right, strength)
  local self = setmetatable({ left = left, right = right, strength = strength, direction = nil }, Equality)
  self:post()
  return self
end
function Equality:execute() self:output().value = self:input().value end

-- right = left * factor + offset
local Scale = class(Binary)
function Scale.create(left, factor, offset, right, strength)
  local self = setmetatable({
    left = left, right = right, factor = factor, offset = offset, strength = strength, direction = nil,
  }, Scale)
  self:post()
  return self
end
function Scale:attach()
  Binary.attach(self)
  self.factor:attach(self)
  self.offset:attach(self)
end
function Scale:detach()
  Binary.detach(self)
  self.factor:detach(self)
  self.offset:detach(self)
end
function Scale:mark_inputs(mark)
  Binary.mark_inputs(self, mark)
  self.factor.mark, self.offset.mark = mark, mark
end
function Scale:execute()
  if self.direction == FORWARD then
    self.right.value = self.left.value * self.factor.value + self.offset.value
  else
    self.left.value = (self.right.value - self.offset.value) / self.factor.value
  end
end
function Scale:recalculate()
  local input, output = self:input(), self:output()
  output.strength = self.strength > input.strength and self.strength or input.strength
  output.stays = input.stays and self.factor.stays and self.offset.stays
  if output.stays then self:execute() end
end

local Planner = class()

function Planner:new_mark()
  self.mark = self.mark + 1
  return self.mark
end

function Planner:add(constraint)
  local mark = self:new_mark()
  local overridden = constraint:satisfy(mark)
  while overridden do overridden = overridden:satisfy(mark) end
end

local function consumers_into(list, item)
  for _, constraint in ipairs(item.constraints) do
    if constraint ~= item.determined_by and constraint:is_satisfied() then list[#list + 1] = constraint end
  end
end

-- Propagates walkabout strengths downstream; false if `constraint` feeds itself.
function Planner:propagate(constraint, mark)
  local todo = { constraint }
  while #todo > 0 do
    local next_one = table.remove(todo)
    if next_one:output().mark == mark then
      self:remove(constraint)
      return false
    end
    next_one:recalculate()
    consumers_into(todo, next_one:output())
  end
  return true
end

function Planner:remove(constraint)
  local output = constraint:output()
  constraint:mark_unsatisfied()
  constraint:detach()
  local unsatisfied = self:release_from(output)
  table.sort(unsatisfied, function(a, b) return a.strength < b.strength end)
  for _, freed in ipairs(unsatisfied) do self:add(freed) end
end

function Planner:release_from(output)
  output.determined_by, output.strength, output.stays = nil, WEAKEST, true
  local unsatisfied, todo = {}, { output }
  while #todo > 0 do
    local item = table.remove(todo)
    for _, constraint in ipairs(item.constraints) do
      if not constraint:is_satisfied() then unsatisfied[#unsatisfied + 1] = constraint end
    end
    for _, constraint in ipairs(item.constraints) do
      if constraint ~= item.determined_by and constraint:is_satisfied() then
        constraint:recalculate()
        todo[#todo + 1] = constraint:output()
      end
    end
  end
  return unsatisfied
end

-- An order of execution in which every constraint comes after its inputs.
function Planner:plan_from(sources)
  local mark, plan = self:new_mark(), {}
  while #sources > 0 do
    local constraint = table.remove(sources)
    local output = constraint:output()
    if output.mark ~= mark and constraint:inputs_known(mark) then
      plan[#plan + 1] = constraint
      output.mark = mark
      consumers_into(sources, output)
    end
  end
  return plan
end

function Planner:plan_of(edits)
  local sources = {}
  for _, edit in ipairs(edits) do
    if edit.is_input and edit:is_satisfied() then sources[#sources + 1] = edit end
  end
  return self:plan_from(sources)
end

local function execute(plan)
  for index = 1, #plan do plan[index]:execute() end
end

local function change(item, value)
  local edit = Unary.create(Edit, item, PREFERRED)
  local plan = planner:plan_of { edit }
  for _ = 1, 10 do
    item.value = value
    execute(plan)
  end
  edit:retract()
end

-- A value that travels down a long chain of equalities.
local function chain(length)
  planner = setmetatable({ mark = 0 }, Planner)
  local variables = {}
  for index = 1, length + 1 do variables[index] = variable(0) end
  for index = 1, length do Equality.create(variables[index], variables[index + 1], REQUIRED) end
  Unary.create(Stay, variables[length + 1], STRONG_DEFAULT)
  local edit = Unary.create(Edit, variables[1], PREFERRED)
  local plan = planner:plan_of { edit }
  for value = 1, 100 do
    variables[1].value = value
    execute(plan)
    assert(variables[length + 1].value == value)
  end
  edit:retract()
  return #plan
end

-- Many values scaled by the same factor and offset, changed from both sides.
local function projection(count)
  planner = setmetatable({ mark = 0 }, Planner)
  local factor, offset = variable(10), variable(1000)
  local sources, targets = {}, {}
  for index = 1, count do
    local source, target = variable(index), variable(index)
    sources[index], targets[index] = source, target
    Unary.create(Stay, source, NORMAL)
    Scale.create(source, factor, offset, target, REQUIRED)
  end
  change(sources[count], 17)
  assert(targets[count].value == 1170)
  change(targets[count], 1050)
  assert(sources[count].value == 5)
  change(factor, 5)
  for index = 1, count - 1 do assert(targets[index].value == index * 5 + 1000) end
  change(offset, 2000)
  for index = 1, count - 1 do assert(targets[index].value == index * 5 + 2000) end
  return targets[1].value + targets[count].value
end

local total = 0
for round = 1, 42 do
  total = total + chain(800 + round) + projection(800 + round)
end
print(string.format("deltablue %d", total))
