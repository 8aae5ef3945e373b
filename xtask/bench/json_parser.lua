-- group: oop
-- measures: a JSON parser as a class that walks the text character by character and makes a tree of typed nodes.

local sub = string.sub

local function class(parent)
  local created = setmetatable({}, { __index = parent })
  created.__index = created
  return created
end

local Value = class()
function Value:is_string() return false end
function Value:is_number() return false end
function Value:is_array() return false end
function Value:is_object() return false end
function Value:weight() return 1 end

local Literal = class(Value)
function Literal.new(text) return setmetatable({ text = text }, Literal) end
local NULL, TRUE, FALSE = Literal.new("null"), Literal.new("true"), Literal.new("false")

local String = class(Value)
function String.new(text) return setmetatable({ text = text }, String) end
function String:is_string() return true end
function String:weight() return #self.text end

local Number = class(Value)
function Number.new(text) return setmetatable({ text = text, value = tonumber(text) }, Number) end
function Number:is_number() return true end
function Number:weight() return self.value end

local Array = class(Value)
function Array.new() return setmetatable({ items = {}, count = 0 }, Array) end
function Array:is_array() return true end
function Array:add(item)
  self.count = self.count + 1
  self.items[self.count] = item
end
function Array:weight()
  local total = 0
  for index = 1, self.count do total = total + self.items[index]:weight() end
  return total
end

local Object = class(Value)
function Object.new() return setmetatable({ names = {}, values = {}, lookup = {} }, Object) end
function Object:is_object() return true end
function Object:add(name, value)
  local index = #self.names + 1
  self.names[index], self.values[index], self.lookup[name] = name, value, index
end
function Object:get(name) return self.values[self.lookup[name]] end
function Object:weight()
  local total = 0
  for index = 1, #self.names do total = total + #self.names[index] + self.values[index]:weight() end
  return total
end

local Parser = class()
function Parser.new(text)
  return setmetatable({ text = text, index = 0, line = 1, current = "", capture_from = 0 }, Parser)
end

function Parser:advance()
  if self.current == "\n" then self.line = self.line + 1 end
  self.index = self.index + 1
  self.current = sub(self.text, self.index, self.index)
end

function Parser:accept(letter)
  if self.current ~= letter then return false end
  self:advance()
  return true
end

function Parser:expect(letter)
  if not self:accept(letter) then error("expected '" .. letter .. "' in line " .. self.line) end
end

function Parser:skip_space()
  while self.current == " " or self.current == "\n" or self.current == "\t" do self:advance() end
end

function Parser:is_digit() return self.current >= "0" and self.current <= "9" end

function Parser:parse()
  self:advance()
  self:skip_space()
  local value = self:value()
  self:skip_space()
  if self.current ~= "" then error("text after the end") end
  return value
end

function Parser:value()
  local letter = self.current
  if letter == "{" then return self:object() end
  if letter == "[" then return self:array() end
  if letter == '"' then return String.new(self:string()) end
  if letter == "n" then return self:literal("null", NULL) end
  if letter == "t" then return self:literal("true", TRUE) end
  if letter == "f" then return self:literal("false", FALSE) end
  return self:number()
end

function Parser:literal(text, value)
  for index = 1, #text do self:expect(sub(text, index, index)) end
  return value
end

function Parser:string()
  self:expect('"')
  local pieces, start = nil, self.index
  while self.current ~= '"' do
    if self.current == "\\" then
      pieces = (pieces or "") .. sub(self.text, start, self.index - 1)
      self:advance()
      pieces = pieces .. (self.current == "n" and "\n" or self.current)
      self:advance()
      start = self.index
    else
      if self.current == "" then error("unfinished string") end
      self:advance()
    end
  end
  local tail = sub(self.text, start, self.index - 1)
  self:advance()
  return pieces and pieces .. tail or tail
end

function Parser:number()
  local start = self.index
  self:accept("-")
  while self:is_digit() do self:advance() end
  if self:accept(".") then
    while self:is_digit() do self:advance() end
  end
  if self.index == start then error("unexpected '" .. self.current .. "' in line " .. self.line) end
  return Number.new(sub(self.text, start, self.index - 1))
end

function Parser:array()
  local array = Array.new()
  self:expect("[")
  self:skip_space()
  if self:accept("]") then return array end
  repeat
    self:skip_space()
    array:add(self:value())
    self:skip_space()
  until not self:accept(",")
  self:expect("]")
  return array
end

function Parser:object()
  local object = Object.new()
  self:expect("{")
  self:skip_space()
  if self:accept("}") then return object end
  repeat
    self:skip_space()
    local name = self:string()
    self:skip_space()
    self:expect(":")
    self:skip_space()
    object:add(name, self:value())
    self:skip_space()
  until not self:accept(",")
  self:expect("}")
  return object
end

local parts = {}
for index = 1, 150 do
  parts[index] = ([==[  {"head": {"id": %d, "kind": "rap", "open": %s},
    "operations": [[%d, "create", "id\n%d"], [%d.5, "set", null], []],
    "target": {}, "note": "a \"quoted\" word"}]==]):format(index, index % 2 == 0 and "true" or "false", index, index, index)
end
local text = '{"version": 1,\n "operations": [\n' .. table.concat(parts, ",\n") .. "\n]}\n"

local total = 0
for round = 1, 170 do
  local root = Parser.new(text):parse()
  assert(root:is_object() and root:get("operations"):is_array())
  assert(root:get("operations").count == 150)
  total = total + root:weight() + round
end
print(string.format("json_parser %d %.1f", #text, total))
