-- Precedence and associativity, told by what comes out.
print(2 + 3 * 4 ^ 2 / 2, (2 + 3) * 4) --> 26.0	20
print(2 ^ 3 ^ 2, (2 ^ 3) ^ 2, -2 ^ 2, (-2) ^ 2, 2 ^ -1) --> 512.0	64.0	-4.0	4.0	0.5
print(not 1 == 2, not (1 == 2), not nil and 1) --> false	true	1
print(1 .. 2 .. 3, "a" .. 1 + 2 .. "b") --> 123	a3b
print(10 - 3 - 2, 100 / 10 / 5, 100 // 7 // 2, 100 % 7 % 2) --> 5	2.0	7	0
print(1 << 2 + 1, (1 << 2) + 1, 1 << 1 << 2, 256 >> 2 >> 1) --> 8	5	8	32
print(5 & 3 | 8, 5 | 3 & 8, 5 ~ 3 & 1, 5 & 3 ~ 1, 6 | 1 ~ 3) --> 9	5	4	0	6
print(1 | 2 == 3, (1 | 2) == 3 and "yes") --> true	yes
print(~5 & 0xF, ~(5 & 0xF), -~5, ~-5, - - 5, ~~5) --> 10	-6	6	4	5	5
print(#"abc" + 1, -#"abc", not #"abc", #"ab" .. "c") --> 4	-3	false	2c
print(1 < 2 == true, "a" < "b" == not false) --> true	true
print(nil == false, nil ~= false, 1 == 1.0, "1" == 1) --> false	true	true	false
print(1 and 2 or 3, nil and 2 or 3, false or nil, nil or false, nil and false) --> 2	3	nil	false	nil
print(1 or error("not evaluated"), nil and error("not evaluated")) --> 1	nil
print(false == false and 4 or 5, 1 + 1 == 2 and "two" or "other") --> 4	two
print(2 * 3 % 4, -7 // 2, -7 % 3, -(7 // 2), 7 // -2) --> 2	-4	2	-3	-4
print(1 .. -1, "x" .. -2 ^ 2, 2 .. "") --> 1-1	x-4.0	2
print(1 + 1 .. 2 + 2, "10" + 5 .. "") --> 24	15
print(3 & 2 == 2 and 1, 1 << 63 >> 63, "a" .. "b" == "ab") --> 1	1	true
print(-3 ^ 2, -"2" ^ 2, -"3" + 1, 2 ^ "3") --> -9.0	-4.0	-2	8.0
print((("nested"))) --> nested

-- Associativity of overloaded operators: recorded as text.
local meta = {}
local function node(text) return setmetatable({text = text}, meta) end
local function text(v) return type(v) == "table" and v.text or tostring(v) end
for event, op in pairs {add = "+", sub = "-", mul = "*", div = "/", mod = "%", pow = "^", idiv = "//", band = "&",
                        bor = "|", bxor = "~", shl = "<<", shr = ">>", concat = ".."} do
  meta["__" .. event] = function(a, b) return node("(" .. text(a) .. op .. text(b) .. ")") end
end
meta.__unm = function(a) return node("-" .. text(a)) end
meta.__bnot = function(a) return node("~" .. text(a)) end
local a, b, c, d = node "a", node "b", node "c", node "d"
print((a + b - c).text, (a - b + c).text, (a * b / c % d // a).text) --> ((a+b)-c)	((a-b)+c)	((((a*b)/c)%d)//a)
print((a ^ b ^ c).text, (a .. b .. c .. d).text, (-a ^ -b).text) --> (a^(b^c))	(a..(b..(c..d)))	-(a^-b)
print((a | b ~ c & d << a .. b + c * -d ^ a).text) --> (a|(b~(c&(d<<(a..(b+(c*-(d^a))))))))
print((a ^ b * -c + d .. a << b & c ~ d | a).text) --> ((((((((a^b)*-c)+d)..a)<<b)&c)~d)|a)
print((a << b >> c << d).text, (~a ~ ~b).text) --> (((a<<b)>>c)<<d)	(~a~~b)
print((a .. b + c .. d).text, (a + b .. c + d).text) --> (a..((b+c)..d))	((a+b)..(c+d))
print((a .. 1 .. 2).text, (1 .. 2 .. a).text, (1 - a - 1).text) --> (a..12)	(1..(2..a))	((1-a)-1)
