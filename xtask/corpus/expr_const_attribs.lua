-- <const> and <close> attributes: compile-time constants, scopes, upvalues, errors.
local function syntax(source) local f, m = load(source, "=s"); return f and "ok" or m end
local i <const>, f <const>, s <const>, b <const>, n <const> = 10, 2.5, "text", true, nil
print(i, f, s, b, n, i + 1, f * 2, s .. "!", not b, n == nil, -i, ~i, #s, i // 3, i % 3, i & 6, i << 2, i < 11, i == 10.0)
--> 10	2.5	text	true	nil	11	5.0	text!	false	true	-10	-11	4	3	1	2	40	true	true
local function uses() return i, f, s, b, n, i + f end
print(uses()); print(debug.getupvalue(uses, 1))
--> 10	2.5	text	true	nil	12.5
--> i	10
-- Constants that are computed, or not constants at all, are still not assignable.
local t <const>, g <const> = {}, function(x) return x * i end
t.x = 1; t[i] = "ten"; t[s] = "by text"
print(t.x, t[10], t.text, g(3), (debug.getupvalue(g, 1))) --> 1	ten	by text	30	i
print(syntax "local a <const> = 1; a = 2"); print(syntax "local a <const> = {}; a = nil"); print(syntax "local a <const> = 1; function f() a = 2 end"); print(syntax "local a <const> = 1; function f() return function() a = 2 end end")
--> s:1: attempt to assign to const variable 'a'
--> s:1: attempt to assign to const variable 'a'
--> s:1: attempt to assign to const variable 'a'
--> s:1: attempt to assign to const variable 'a'
print(syntax "local a <const>, b = 1, 2; b = 3; a = b"); print(syntax "local a <const> = 1; a, x = 1, 2"); print(syntax "local a <const> = 1; for a = 1, 2 do a = 3 end"); print(syntax "local a <const> = 1; local a = 2; a = 3"); print(syntax "local a <const> = 1; do local a; a = 5 end a = 2")
--> s:1: attempt to assign to const variable 'a'
--> s:1: attempt to assign to const variable 'a'
--> ok
--> ok
--> s:1: attempt to assign to const variable 'a'
print(syntax "local a <close> = nil; a = 1"); print(syntax "local a <close> = nil; function f() a = 1 end"); print(syntax "local function f() end f = 1"); print(syntax "local a <const> = 1; local function a() end; a = 2"); print(syntax "local a <const> = 1; function a() end"); print(syntax "local a <const> = {}; function a.b() end")
--> s:1: attempt to assign to const variable 'a'
--> s:1: attempt to assign to const variable 'a'
--> ok
--> ok
--> s:1: attempt to assign to const variable 'a'
--> ok
print(syntax "local a <CONST> = 1"); print(syntax "local a < const > = 1"); print(syntax "local a <const"); print(syntax "local a <> = 1"); print(syntax "local <const> a = 1"); print(syntax "local a <close>, b <const>, c <close> = nil, 1, nil"); print(syntax "local function f <const> () end"); print(syntax "local a <const>"); print(syntax "a <const> = 1"); print(syntax "for i <const> = 1, 2 do end")
--> s:1: unknown attribute 'CONST'
--> ok
--> s:1: '>' expected near <eof>
--> s:1: <name> expected near '>'
--> s:1: <name> expected near '<'
--> s:1: multiple to-be-closed variables in local list
--> s:1: '(' expected near '<'
--> ok
--> s:1: syntax error near '<'
--> s:1: '=' or 'in' expected near '<'
-- Shadowing, nesting, loops: each its own.
local x <const> = "outer"
do local x <const> = x .. " inner"; print(x) end --> outer inner
for k = 1, 2 do local x <const> = x .. k; print(x, (function() return x end)()) end
--> outer1	outer1
--> outer2	outer2
print(x) --> outer
-- Order of evaluation with mixed attributes; more names than values and the reverse.
local log = {}
local function l(v) log[#log + 1] = tostring(v); return v end
local p <const>, q, r <const> = l(1), l(2)
local u <const>, v <const> = l(3), l(4), l(5)
print(p, q, r, u, v, table.concat(log, " ")) --> 1	2	nil	3	4	1 2 3 4 5
local function two() return "first", "second", "third" end
local m1 <const>, m2 <const> = two()
local w1 <const>, w2 <const>, w3 <const>, w4 <const> = 0, two()
print(m1, m2, w1, w2, w3, w4) --> first	second	0	first	second	third
-- Constants in conditions, as steps of loops, as keys, as arguments, folded in expressions with run time values.
local limit <const>, step <const>, key <const>, flag <const> = 3, -1, "k", false
local acc = {}
for j = limit, 1, step do acc[#acc + 1] = j end
if flag then acc[#acc + 1] = "never" elseif not flag and limit > 2 then acc[#acc + 1] = "taken" end
while flag do end
repeat acc[#acc + 1] = ({[key] = "value"})[key] until not flag
print(table.concat(acc, " "), limit .. step, ("x"):rep(limit), ({10, 20, 30})[limit], math.max(limit, step), limit and flag, flag or limit)
--> 3 2 1 taken value	3-1	xxx	30	3	false	3
-- Negative zero, NaN-free folding, large integers, strings with escapes.
local z <const>, big <const>, esc <const> = -0.0, math.maxinteger, "a\0b\n"
print(z, 1 / z, big + 1 == math.mininteger, #esc, 0x7fffffffffffffff == big, z == 0) --> -0.0	-inf	true	4	true	true
local third <const> = 1 / 3
print(third * 3 == 1, third, (function() return third end)()) --> true	0.33333333333333	0.33333333333333
-- To-be-closed constants that are false need no metamethod.
do local c1 <close>, d1 <const> = false, 5; print(c1, d1) end --> false	5
