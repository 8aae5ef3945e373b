-- Short-circuit evaluation, as values and as conditions.
local log = {}
local function f(value, name) log[#log + 1] = name; return value end
local function flush() local s = table.concat(log, ","); log = {}; return s end
local N, F, T = nil, false, true
print(f(N, "a") and f(T, "b"), flush()) --> nil	a
print(f(F, "a") and f(T, "b"), flush()) --> false	a
print(f(1, "a") and f(2, "b"), flush()) --> 2	a,b
print(f(N, "a") or f(F, "b"), flush()) --> false	a,b
print(f(0, "a") or f(F, "b"), flush()) --> 0	a
print(f("", "a") and f(F, "b") or f(3, "c"), flush()) --> 3	a,b,c
print((f(N, "a") or f(N, "b")) and f(1, "c"), flush()) --> nil	a,b
print(f(1, "a") and (f(N, "b") or f(4, "c")) and f(5, "d"), flush()) --> 5	a,b,c,d
print(not (f(N, "a") and f(1, "b")), flush()) --> true	a
print(not f(N, "a") and not f(F, "b"), flush()) --> true	a,b

-- All combinations of three operands against a table of truth.
local values = {N, F, 1, n = 3}
local function AND(a, b) if a then return b end return a end
local function OR(a, b) if a then return a end return b end
local tested = 0
for i = 1, 3 do
  for j = 1, 3 do
    for k = 1, 3 do
      local a, b, c = values[i], values[j], values[k]
      assert((a and b and c) == AND(AND(a, b), c))
      assert((a or b or c) == OR(OR(a, b), c))
      assert((a and b or c) == OR(AND(a, b), c))
      assert((a or b and c) == OR(a, AND(b, c)))
      assert((a and (b or c)) == AND(a, OR(b, c)))
      assert(((a or b) and c) == AND(OR(a, b), c))
      assert((not a and b or not c) == OR(AND(not a, b), not c))
      assert((not (a or b) == not c) == ((not OR(a, b)) == not c))
      local taken
      if a and b or c then taken = true else taken = false end
      assert(taken == not not OR(AND(a, b), c))
      if not (a and b) and c then taken = true else taken = false end
      assert(taken == not not AND(not AND(a, b), c))
      local x = a == b and c or "else"
      assert(x == OR(AND(a == b, c), "else"))
      while a and (b or c) do taken = "while" break end
      assert((taken == "while") == not not AND(a, OR(b, c)))
      tested = tested + 1
    end
  end
end
print(tested) --> 27

-- Constants on either side.
print(nil and 1, false and 1, true and 1, 0 and 1, "" and 1, 1.5 and nil) --> nil	false	1	1	1	nil
print(nil or 1, false or 1, true or 1, 0 or 1, "" or 1, nil or nil) --> 1	1	true	0		nil
print(1 == 1 and 2, 1 == 2 or 3, not 1 or 4, not nil and 5) --> 2	3	4	5
print(nil == nil and "eq", {} == {} or "ne", "a" < "b" and "lt") --> eq	ne	lt
local x = 5
print(x > 3 and x < 10 and "in" or "out", x > 7 and "big" or x > 4 and "middle" or "small") --> in	middle
print((x == 5) == true, (x ~= 5) == false, not (x ~= 5)) --> true	true	true
local t = {x and 1, x or 1, not x, x == 5}
print(t[1], t[2], t[3], t[4]) --> 1	5	false	true
print(select("#", nil and 1), select("#", (nil or nil))) --> 1	1
