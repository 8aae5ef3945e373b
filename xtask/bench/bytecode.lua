-- group: mixed
-- measures: an interpreter written in Lua: a compiler for expressions, a stack machine with a table of handlers.

-- Programs are postfix words; numbers push themselves.
local function compile(source)
  local code, labels, jumps = {}, {}, {}
  for word in source:gmatch("%S+") do
    if tonumber(word) then
      code[#code + 1] = "push"
      code[#code + 1] = tonumber(word)
    elseif word:sub(1, 1) == ":" then
      labels[word:sub(2)] = #code + 1
    elseif word:find("^[%a_]+>") then
      local kind, label = word:match("^([%a_]+)>(%a+)$")
      code[#code + 1] = kind
      code[#code + 1] = 0
      jumps[#code] = label
    elseif word:find("[!@]$") then
      code[#code + 1] = word:sub(-1) == "!" and "store" or "load"
      code[#code + 1] = word:sub(1, -2)
    else
      code[#code + 1] = word
    end
  end
  for position, label in pairs(jumps) do code[position] = assert(labels[label], label) end
  code[#code + 1] = "halt"
  return code
end

local handlers = {}
function handlers.push(vm, code, pc)
  vm.top = vm.top + 1
  vm.stack[vm.top] = code[pc]
  return pc + 1
end
function handlers.load(vm, code, pc)
  vm.top = vm.top + 1
  vm.stack[vm.top] = vm.variables[code[pc]]
  return pc + 1
end
function handlers.store(vm, code, pc)
  vm.variables[code[pc]] = vm.stack[vm.top]
  vm.top = vm.top - 1
  return pc + 1
end
local function binary(operation)
  return function(vm, _, pc)
    local stack, top = vm.stack, vm.top - 1
    stack[top] = operation(stack[top], stack[top + 1])
    vm.top = top
    return pc
  end
end
handlers["+"] = binary(function(a, b) return a + b end)
handlers["-"] = binary(function(a, b) return a - b end)
handlers["*"] = binary(function(a, b) return a * b end)
handlers["%"] = binary(function(a, b) return a % b end)
handlers["<"] = binary(function(a, b) return a < b end)
handlers["="] = binary(function(a, b) return a == b end)
function handlers.jump(_, code, pc) return code[pc] end
function handlers.jump_if(vm, code, pc)
  local condition = vm.stack[vm.top]
  vm.top = vm.top - 1
  if condition then return code[pc] end
  return pc + 1
end
function handlers.halt() return nil end

local function run_by_table(code, variables)
  local vm = { stack = {}, top = 0, variables = variables }
  local pc = 1
  while pc do
    pc = handlers[code[pc]](vm, code, pc + 1)
  end
  return vm.variables
end

-- The same machine as one chain of comparisons.
local function run_by_chain(code, variables)
  local stack, top, pc = {}, 0, 1
  while true do
    local op = code[pc]
    pc = pc + 1
    if op == "push" then
      top = top + 1
      stack[top] = code[pc]
      pc = pc + 1
    elseif op == "load" then
      top = top + 1
      stack[top] = variables[code[pc]]
      pc = pc + 1
    elseif op == "store" then
      variables[code[pc]] = stack[top]
      top = top - 1
      pc = pc + 1
    elseif op == "jump" then
      pc = code[pc]
    elseif op == "jump_if" then
      top = top - 1
      if stack[top + 1] then pc = code[pc] else pc = pc + 1 end
    elseif op == "halt" then
      return variables
    else
      local right = stack[top]
      top = top - 1
      local left = stack[top]
      if op == "+" then
        stack[top] = left + right
      elseif op == "-" then
        stack[top] = left - right
      elseif op == "*" then
        stack[top] = left * right
      elseif op == "%" then
        stack[top] = left % right
      elseif op == "<" then
        stack[top] = left < right
      else
        stack[top] = left == right
      end
    end
  end
end

-- Counts the primes below n by trial division, and sums them.
local source = [[
  2 candidate!  0 count!  0 sum!
  :outer
    candidate@ n@ = jump_if>done
    2 divisor!
  :inner
    candidate@ divisor@ divisor@ * < jump_if>prime
    candidate@ divisor@ % 0 = jump_if>composite
    divisor@ 1 + divisor!
    jump>inner
  :prime
    count@ 1 + count!
    sum@ candidate@ + sum!
  :composite
    candidate@ 1 + candidate!
    jump>outer
  :done
]]

local checksum = 0
for round = 1, 3 do
  local code = compile(source)
  local first = run_by_table(code, { n = 11000 + round })
  local second = run_by_chain(code, { n = 11000 + round })
  assert(first.sum == second.sum)
  checksum = checksum + first.sum + second.count
end
print(string.format("bytecode %d", checksum))
