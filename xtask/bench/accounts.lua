-- group: oop
-- measures: objects with closures as methods beside objects with metatables, and class hierarchies made by a helper.

local function class(parent)
  local created = {}
  created.__index = created
  if parent then setmetatable(created, { __index = parent }) end
  created.new = function(...)
    local object = setmetatable({}, created)
    object:init(...)
    return object
  end
  return created
end

local Account = class()
function Account:init(owner, balance)
  self.owner, self.balance, self.history = owner, balance, 0
end
function Account:deposit(amount)
  self.balance = self.balance + amount
  self.history = self.history + 1
end
function Account:withdraw(amount)
  if amount > self:limit() then return false end
  self.balance = self.balance - amount
  self.history = self.history + 1
  return true
end
function Account:limit() return self.balance end

local Credit = class(Account)
function Credit:init(owner, balance, credit)
  Account.init(self, owner, balance)
  self.credit = credit
end
function Credit:limit() return self.balance + self.credit end

local function private_account(balance)
  local object = {}
  function object.deposit(amount) balance = balance + amount end
  function object.withdraw(amount)
    if amount > balance then return false end
    balance = balance - amount
    return true
  end
  function object.balance() return balance end
  return object
end

local refused, total = 0, 0
for round = 1, 100 do
  local accounts, hidden = {}, {}
  for index = 1, 1000 do
    accounts[index] = index % 2 == 0 and Account.new("a", index) or Credit.new("c", index, 200)
    hidden[index] = private_account(index)
  end
  for step = 1, 25 do
    for index = 1, 1000 do
      local account, other = accounts[index], accounts[(index * step) % 1000 + 1]
      local amount = (index * step + round) % 97
      if account:withdraw(amount) then other:deposit(amount) else refused = refused + 1 end
      if hidden[index].withdraw(amount) then
        hidden[(index + step) % 1000 + 1].deposit(amount)
      else
        refused = refused + 1
      end
    end
  end
  for index = 1, 1000 do total = total + accounts[index].balance * index + hidden[index].balance() end
end
print(string.format("accounts %d %d", refused, total))
