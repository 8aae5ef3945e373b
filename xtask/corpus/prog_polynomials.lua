-- Polynomials and complex numbers with operators: evaluation, division, gcd, roots, FFT, symbolic derivatives.
local Poly = {}
Poly.__index = Poly
local function poly(...) local p = setmetatable({...}, Poly); while #p > 0 and p[#p] == 0 do p[#p] = nil end return p end
local function lift(x) return type(x) == "number" and poly(x) or x end
Poly.__add = function(a, b) a, b = lift(a), lift(b); local r = {}; for i = 1, math.max(#a, #b) do r[i] = (a[i] or 0) + (b[i] or 0) end return poly(table.unpack(r)) end
Poly.__unm = function(a) return a * -1 end
Poly.__sub = function(a, b) return a + -lift(b) end
Poly.__mul = function(a, b) a, b = lift(a), lift(b); local r = {}; for i = 1, #a + #b - 1 do r[i] = 0 end for i = 1, #a do for j = 1, #b do r[i + j - 1] = r[i + j - 1] + a[i] * b[j] end end return poly(table.unpack(r)) end
Poly.__pow = function(a, n) local r = poly(1); for _ = 1, n do r = r * a end return r end
Poly.__eq = function(a, b) if #a ~= #b then return false end for i = 1, #a do if a[i] ~= b[i] then return false end end return true end
Poly.__call = function(p, x) local v = 0; for i = #p, 1, -1 do v = v * x + p[i] end return v end
Poly.__len = function(p) return rawlen(p) end
Poly.__idiv = function(a, b) local q, r = {}, {table.unpack(a)}; for i = #a - #b + 1, 1, -1 do q[i] = r[i + #b - 1] // b[#b]; for j = 1, #b do r[i + j - 1] = r[i + j - 1] - q[i] * b[j] end end return poly(table.unpack(q)), poly(table.unpack(r)) end
Poly.__mod = function(a, b) return a - a // b * b end
Poly.__tostring = function(p)
  if #p == 0 then return "0" end
  local s = ""
  for i = #p, 1, -1 do local c = p[i]; if c ~= 0 then local body = (math.abs(c) == 1 and i > 1) and "" or tostring(math.abs(c)); s = s .. (s == "" and (c < 0 and "-" or "") or c < 0 and " - " or " + ") .. body .. (i > 2 and "x^" .. i - 1 or i == 2 and "x" or "") end end
  return s
end
function Poly:derive() local r = {}; for i = 2, #self do r[i - 1] = self[i] * (i - 1) end return poly(table.unpack(r)) end
local x = poly(0, 1)
local p, q = (x + 1) * (x - 2) * (x + 3), x ^ 2 + x - 6
print(p, q, p - q, p * 0, -p, 3 - x, p:derive(), (x - 1) ^ 4)
--> x^3 + 2x^2 - 5x - 6	x^2 + x - 6	x^3 + x^2 - 6x	0	-x^3 - 2x^2 + 5x + 6	-x + 3	3x^2 + 4x - 5	x^4 - 4x^3 + 6x^2 - 4x + 1
print(p(2), p(0), p(10), q(-3), p // (x + 1), p % (x - 1), p % (x + 3), p // q == x + 1, #p, p(0.5))
--> 0	-6	1144	0	x^2 + x - 6	-8	0	true	4	-7.875
local function gcd(a, b) while #b > 0 do a, b = b, a % b end return a end
print(gcd(p, q) == q, gcd(p * q, p) == p) --> true	true
local function newton(f, at) local d = f:derive(); for _ = 1, 40 do local step = f(at) / d(at); at = at - step; if math.abs(step) < 1e-14 then break end end return at end
print(("%.6f %.6f %.6f"):format(newton(x ^ 2 - 2, 1), newton(x ^ 3 - x - 1, 1.5), newton(p, 5))) --> 1.414214 1.324718 2.000000
local function lagrange(points) local sum = poly(); for i, a in ipairs(points) do local term = poly(a[2]); local d = 1; for j, b in ipairs(points) do if i ~= j then term = term * (x - b[1]); d = d * (a[1] - b[1]) end end local scaled = {}; for k = 1, #term do scaled[k] = term[k] / d end sum = sum + poly(table.unpack(scaled)) end return sum end
local l = lagrange {{0, 1}, {1, 3}, {2, 11}}
print(l(0), l(1), l(2), l(3)) --> 1.0	3.0	11.0	25.0
-- Complex numbers.
local C = {}
C.__index = C
local function c(re, im) return setmetatable({re = re, im = im or 0}, C) end
local function cl(v) return type(v) == "number" and c(v) or v end
C.__add = function(a, b) a, b = cl(a), cl(b); return c(a.re + b.re, a.im + b.im) end
C.__sub = function(a, b) a, b = cl(a), cl(b); return c(a.re - b.re, a.im - b.im) end
C.__mul = function(a, b) a, b = cl(a), cl(b); return c(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re) end
C.__div = function(a, b) a, b = cl(a), cl(b); local d = b.re ^ 2 + b.im ^ 2; return c((a.re * b.re + a.im * b.im) / d, (a.im * b.re - a.re * b.im) / d) end
C.__unm = function(a) return c(-a.re, -a.im) end
C.__eq = function(a, b) return a.re == b.re and a.im == b.im end
C.__len = function(a) return (a.re ^ 2 + a.im ^ 2) ^ 0.5 end
C.__tostring = function(a) return a.im == 0 and tostring(a.re) or (a.re == 0 and "" or a.re .. (a.im > 0 and "+" or "")) .. a.im .. "i" end
C.__pow = function(a, n) local r = c(1); for _ = 1, n do r = r * a end return r end
local i = c(0, 1)
print(tostring((1 + 2 * i) * (3 - i)), tostring(i ^ 2), tostring(i ^ 3), tostring((5 + 5 * i) / (1 + 2 * i)), #c(3, 4), (1 + i) * (1 - i) == c(2), tostring(-i), tostring(2 - i), tostring(poly(1, 0, 1)(i)))
--> 5+5i	-1	-1i	3.0-1.0i	5.0	true	-1i	2-1i	0
-- Fast Fourier transform, used to multiply; checked against the plain product.
local function fft(a, invert) local n = #a; if n == 1 then return {a[1]} end local e, o = {}, {}; for k = 1, n, 2 do e[#e + 1] = a[k]; o[#o + 1] = a[k + 1] end e, o = fft(e, invert), fft(o, invert); local r = {}; for k = 0, n // 2 - 1 do local angle = 2 * math.pi * k / n * (invert and -1 or 1); local t = c(math.cos(angle), math.sin(angle)) * o[k + 1]; r[k + 1] = e[k + 1] + t; r[k + 1 + n // 2] = e[k + 1] - t end return r end
local function multiply(a, b) local n = 1; while n < #a + #b do n = n * 2 end local fa, fb = {}, {}; for k = 1, n do fa[k], fb[k] = c(a[k] or 0), c(b[k] or 0) end fa, fb = fft(fa), fft(fb); for k = 1, n do fa[k] = fa[k] * fb[k] end fa = fft(fa, true); local r = {}; for k = 1, #a + #b - 1 do r[k] = math.floor(fa[k].re / n + 0.5) end return poly(table.unpack(r)) end
local a, b = poly(1, 2, 3, 4, 5), poly(6, -7, 8)
print(multiply(a, b) == a * b, multiply(a, b)) --> true	40x^6 - 3x^5 + 26x^4 + 19x^3 + 12x^2 + 5x + 6
-- Symbolic derivatives as trees.
local function d(e) if type(e) == "number" then return 0 elseif e == "x" then return 1 end local op, u, v = e[1], e[2], e[3]; if op == "+" then return {"+", d(u), d(v)} elseif op == "*" then return {"+", {"*", d(u), v}, {"*", u, d(v)}} elseif op == "^" then return {"*", {"*", v, {"^", u, v - 1}}, d(u)} elseif op == "sin" then return {"*", {"cos", u}, d(u)} end end
local function simplify(e) if type(e) ~= "table" then return e end local op, u, v = e[1], simplify(e[2]), e[3] ~= nil and simplify(e[3]) or nil; if op == "+" then if u == 0 then return v elseif v == 0 then return u end if math.type(u) and math.type(v) then return u + v end elseif op == "*" then if u == 0 or v == 0 then return 0 elseif u == 1 then return v elseif v == 1 then return u end if math.type(u) and math.type(v) then return u * v end elseif op == "^" then if v == 1 then return u elseif v == 0 then return 1 end end return {op, u, v} end
local function show(e) if type(e) ~= "table" then return tostring(e) end if e[3] == nil then return e[1] .. "(" .. show(e[2]) .. ")" end return "(" .. show(e[2]) .. e[1] .. show(e[3]) .. ")" end
for _, e in ipairs {{"^", "x", 3}, {"*", 5, "x"}, {"+", {"^", "x", 2}, {"*", 3, "x"}}, {"sin", {"^", "x", 2}}, {"*", "x", {"sin", "x"}}, {"^", {"+", "x", 1}, 4}} do print(show(e), show(simplify(d(e)))) end
--> (x^3)	(3*(x^2))
--> (5*x)	5
--> ((x^2)+(3*x))	((2*x)+3)
--> sin((x^2))	(cos((x^2))*(2*x))
--> (x*sin(x))	(sin(x)+(x*cos(x)))
--> ((x+1)^4)	(4*((x+1)^3))
