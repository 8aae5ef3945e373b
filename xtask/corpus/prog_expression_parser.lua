-- A recursive descent parser and evaluator for arithmetic with variables, functions and errors.
local Lexer = {}
Lexer.__index = Lexer
function Lexer.new(text)
  local self = setmetatable({tokens = {}, index = 1}, Lexer)
  local pos = 1
  while pos <= #text do
    local s, e, blank = text:find("^(%s+)", pos)
    if not s then
      local kind
      for _, rule in ipairs {{"number", "^%d+%.?%d*[eE]?%d*"}, {"name", "^[%a_][%w_]*"}, {"op", "^[<>=~!]="}, {"op", "^[-+*/^%%()<>=,?:]"}} do
        s, e = text:find(rule[2], pos)
        if s then kind = rule[1] break end
      end
      if not s then error(("unexpected '%s' at %d"):format(text:sub(pos, pos), pos), 0) end
      self.tokens[#self.tokens + 1] = {kind = kind, text = text:sub(s, e), at = s}
    end
    pos = e + 1
  end
  return self
end
function Lexer:peek() local t = self.tokens[self.index]; return t and t.text, t and t.kind end
function Lexer:next() local t = self.tokens[self.index]; self.index = self.index + 1; return t end
function Lexer:accept(text) if self:peek() == text then self.index = self.index + 1 return true end end
function Lexer:expect(text) if not self:accept(text) then error(("'%s' expected near %s"):format(text, self:peek() or "end"), 0) end end
local binary = {["="] = {1, 1, true}, ["<"] = {3, 3}, [">"] = {3, 3}, ["<="] = {3, 3}, [">="] = {3, 3}, ["=="] = {3, 3}, ["~="] = {3, 3}, ["+"] = {4, 4}, ["-"] = {4, 4}, ["*"] = {5, 5}, ["/"] = {5, 5}, ["%"] = {5, 5}, ["^"] = {8, 7}}
local parse
local function primary(lex)
  local token = lex:next()
  if not token then error("unexpected end", 0) end
  if token.kind == "number" then return {"number", tonumber(token.text)} end
  if token.kind == "name" then
    if lex:accept "(" then
      local call = {"call", token.text}
      if not lex:accept ")" then repeat call[#call + 1] = parse(lex, 0) until not lex:accept ","; lex:expect ")" end
      return call
    end
    return {"var", token.text}
  end
  if token.text == "(" then local e = parse(lex, 0); lex:expect ")"; return e end
  if token.text == "-" then return {"neg", parse(lex, 6)} end
  error("unexpected " .. token.text, 0)
end
function parse(lex, limit)
  local left = primary(lex)
  while true do
    local op = lex:peek()
    if op == "?" and limit <= 2 then
      lex:next()
      local yes = parse(lex, 0); lex:expect ":"
      left = {"if", left, yes, parse(lex, 2)}
    else
      local priority = binary[op]
      if not priority or priority[1] <= limit and op ~= "=" or op == "=" and limit > 1 then return left end
      lex:next()
      left = {op, left, parse(lex, op == "=" and 0 or priority[2])}
    end
  end
end
local function dump(n)
  if type(n) ~= "table" then return tostring(n) end
  local parts = {}
  for i, c in ipairs(n) do parts[i] = dump(c) end
  return #n == 2 and (n[1] == "number" or n[1] == "var") and parts[2] or "(" .. table.concat(parts, " ") .. ")"
end
local env = {pi = 3.5, x = 10}
local functions = {max = math.max, min = math.min, sqrt = math.sqrt, sum = function(...) local s = 0; for _, v in ipairs {...} do s = s + v end return s end}
local ops = {["+"] = function(a, b) return a + b end, ["-"] = function(a, b) return a - b end, ["*"] = function(a, b) return a * b end, ["/"] = function(a, b) if b == 0 then error("division by zero", 0) end return a / b end,
  ["%"] = function(a, b) return a % b end, ["^"] = function(a, b) return a ^ b end, ["<"] = function(a, b) return a < b end, [">"] = function(a, b) return a > b end, ["<="] = function(a, b) return a <= b end,
  [">="] = function(a, b) return a >= b end, ["=="] = function(a, b) return a == b end, ["~="] = function(a, b) return a ~= b end}
local function eval(n)
  local kind = n[1]
  if kind == "number" then return n[2]
  elseif kind == "var" then return env[n[2]] or error("undefined " .. n[2], 0)
  elseif kind == "neg" then return -eval(n[2])
  elseif kind == "if" then if eval(n[2]) then return eval(n[3]) end return eval(n[4])
  elseif kind == "=" then if n[2][1] ~= "var" then error("cannot assign", 0) end local v = eval(n[3]); env[n[2][2]] = v; return v
  elseif kind == "call" then
    local f = functions[n[2]] or error("no function " .. n[2], 0)
    local args = {}
    for i = 3, #n do args[i - 2] = eval(n[i]) end
    return f(table.unpack(args))
  end
  return ops[kind](eval(n[2]), eval(n[3]))
end
local function run(text)
  local lex = Lexer.new(text)
  local tree = parse(lex, 0)
  if lex:peek() then error("trailing " .. lex:peek(), 0) end
  return eval(tree), dump(tree)
end
for _, text in ipairs {"1 + 2 * 3", "(1 + 2) * 3", "2 ^ 3 ^ 2", "-2 ^ 2", "10 - 3 - 2", "x * (x + 1) / 4", "max(1, x, 3) + sum(1, 2, 3)", "sum()", "y = z = 7", "y + z", "x > 5 ? 1 : 2", "x < 5 ? 1 : x < 20 ? 2 : 3",
    "1 < 2 == 3 > 2", "7 % 4 ^ 2", "1.5e2 + 0.5", "2 * -3", "--4", "1 +", "(1", "1 2", "foo(1)", "bar", "1 / 0", "3 = 4", "@", "max(1", "* 3", "sqrt(2 ^ 4)", "" } do
  local ok, value, tree = pcall(run, text)
  io.write(text, " => ", (tostring(value):gsub("^[^:]+:%d+: ", "")), ok and "  " .. tree or "", "\n")
  --> 1 + 2 * 3 => 7  (+ 1 (* 2 3))
  --> (1 + 2) * 3 => 9  (* (+ 1 2) 3)
  --> 2 ^ 3 ^ 2 => 512.0  (^ 2 (^ 3 2))
  --> -2 ^ 2 => -4.0  (neg (^ 2 2))
  --> 10 - 3 - 2 => 5  (- (- 10 3) 2)
  --> x * (x + 1) / 4 => 27.5  (/ (* x (+ x 1)) 4)
  --> max(1, x, 3) + sum(1, 2, 3) => 16  (+ (call max 1 x 3) (call sum 1 2 3))
  --> sum() => 0  (call sum)
  --> y = z = 7 => 7  (= y (= z 7))
  --> y + z => 14  (+ y z)
  --> x > 5 ? 1 : 2 => 1  (if (> x 5) 1 2)
  --> x < 5 ? 1 : x < 20 ? 2 : 3 => 2  (if (< x 5) 1 (if (< x 20) 2 3))
  --> 1 < 2 == 3 > 2 => attempt to compare number with boolean
  --> 7 % 4 ^ 2 => 7.0  (% 7 (^ 4 2))
  --> 1.5e2 + 0.5 => 150.5  (+ 150.0 0.5)
  --> 2 * -3 => -6  (* 2 (neg 3))
  --> --4 => 4  (neg (neg 4))
  --> 1 + => unexpected end
  --> (1 => ')' expected near end
  --> 1 2 => trailing 2
  --> foo(1) => no function foo
  --> bar => undefined bar
  --> 1 / 0 => division by zero
  --> 3 = 4 => cannot assign
  --> @ => unexpected '@' at 1
  --> max(1 => ')' expected near end
  --> * 3 => unexpected *
  --> sqrt(2 ^ 4) => 4.0  (call sqrt (^ 2 4))
  -->  => unexpected end
end
