-- Number programs: sieves, gcd, modular powers, Miller-Rabin, big integers, pi digits, conversions.
local function sieve(n) local composite, out = {}, {}; for i = 2, n do if not composite[i] then out[#out + 1] = i; for j = i * i, n, i do composite[j] = true end end end return out end
local primes = sieve(1000)
print(#primes, primes[1], primes[100], primes[#primes]) --> 168	2	541	997
local function gcd(a, b) while b ~= 0 do a, b = b, a % b end return a end
local function extended(a, b) if b == 0 then return a, 1, 0 end local g, x, y = extended(b, a % b); return g, y, x - a // b * y end
print(gcd(1071, 462), gcd(0, 5), gcd(-12, 18), extended(240, 46)) --> 21	5	6	2	-9	47
local function mulmod(a, b, m) local r = 0; a = a % m; while b > 0 do if b & 1 == 1 then r = (r + a) % m end a = (a + a) % m; b = b >> 1 end return r end
local function powmod(b, e, m) local r = 1; b = b % m; while e > 0 do if e & 1 == 1 then r = mulmod(r, b, m) end b = mulmod(b, b, m); e = e >> 1 end return r end
local function is_prime(n)
  if n < 2 then return false end
  for _, p in ipairs {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37} do if n % p == 0 then return n == p end end
  local d, s = n - 1, 0
  while d % 2 == 0 do d = d // 2; s = s + 1 end
  for _, a in ipairs {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37} do
    local x = powmod(a, d, n)
    if x ~= 1 and x ~= n - 1 then
      local composite = true
      for _ = 2, s do x = mulmod(x, x, n); if x == n - 1 then composite = false break end end
      if composite then return false end
    end
  end
  return true
end
print(is_prime(2147483647), is_prime(1000000007), is_prime(561), is_prime(3215031751), is_prime(1), is_prime(4294967297))
--> true	true	false	false	false	false
print(powmod(2, 1000, 1000000007), powmod(3, 1 << 40, 97)) --> 688423210	61
-- Big integers in base 10^7.
local Big = {}
Big.__index = Big
local BASE = 10000000
local function big(s) local b = setmetatable({}, Big); s = tostring(s); for i = #s, 1, -7 do b[#b + 1] = tonumber(s:sub(math.max(1, i - 6), i)) end return b end
Big.__tostring = function(b) local parts = {tostring(b[#b])}; for i = #b - 1, 1, -1 do parts[#parts + 1] = ("%07d"):format(b[i]) end return table.concat(parts) end
Big.__add = function(a, b) local r, carry = setmetatable({}, Big), 0; for i = 1, math.max(#a, #b) do local s = (a[i] or 0) + (b[i] or 0) + carry; r[i] = s % BASE; carry = s // BASE end if carry > 0 then r[#r + 1] = carry end return r end
Big.__mul = function(a, b)
  if type(b) == "number" then b = big(b) end
  local r = setmetatable({}, Big)
  for i = 1, #a + #b do r[i] = 0 end
  for i = 1, #a do local carry = 0; for j = 1, #b do local v = r[i + j - 1] + a[i] * b[j] + carry; r[i + j - 1] = v % BASE; carry = v // BASE end r[i + #b] = r[i + #b] + carry end
  while #r > 1 and r[#r] == 0 do r[#r] = nil end
  return r
end
Big.__eq = function(a, b) if #a ~= #b then return false end for i = 1, #a do if a[i] ~= b[i] then return false end end return true end
Big.__lt = function(a, b) if #a ~= #b then return #a < #b end for i = #a, 1, -1 do if a[i] ~= b[i] then return a[i] < b[i] end end return false end
local f = big(1)
for i = 2, 40 do f = f * i end
print(tostring(f)); local x, y = big(0), big(1) --> 815915283247897734345611269596115894272000000000
for _ = 1, 200 do x, y = y, x + y end
print(tostring(x), x < y, x == big(tostring(x)), tostring(big("99999999999999") * big("99999999999999")))
--> 280571172992510140037611932413038677189525	true	true	9999999999999800000000000001
-- Digits of pi by the spigot, e by series, square roots by digits.
local function pi_digits(n) local out, q, r, t, k, m, l = {}, 1, 0, 1, 1, 3, 3; while #out < n do if 4 * q + r - t < m * t then out[#out + 1] = m; q, r, m = 10 * q, 10 * (r - m * t), (10 * (3 * q + r)) // t - 10 * m else q, r, t, l, k, m = q * k, (2 * q + r) * l, t * l, l + 2, k + 1, (q * (7 * k) + 2 + r * l) // (t * l) end end return table.concat(out) end
print(pi_digits(5)) --> 31415
local function isqrt(n) local x = math.tointeger(math.floor(n ^ 0.5)); while x * x > n do x = x - 1 end while (x + 1) * (x + 1) <= n do x = x + 1 end return x end
print(isqrt(0), isqrt(99), isqrt(1 << 60), isqrt(10^18 | 0), isqrt((1 << 31) * (1 << 31) - 1))
--> 0	9	1073741824	1000000000	2147483647
-- Bases, bits, Gray codes, perfect numbers, digital sums, Armstrong numbers.
local function to_base(n, b) local s, neg = "", n < 0; n = math.abs(n); repeat local d = n % b; s = ("0123456789abcdefghijklmnopqrstuvwxyz"):sub(d + 1, d + 1) .. s; n = n // b until n == 0; return (neg and "-" or "") .. s end
print(to_base(255, 2), to_base(-255, 16), to_base(123456789, 36), tonumber(to_base(987654321, 7), 7), to_base(0, 2))
--> 11111111	-ff	21i3v9	987654321	0
local gray = {}
for i = 0, 7 do gray[#gray + 1] = ("%03d"):format(tonumber(to_base(i ~ i >> 1, 2))) end
print(table.concat(gray, " ")) --> 000 001 011 010 110 111 101 100
local special = {}
for n = 1, 500 do
  local sum, cubes = 0, 0
  for d = 1, n // 2 do if n % d == 0 then sum = sum + d end end
  for d in tostring(n):gmatch "%d" do cubes = cubes + d ^ #tostring(n) end
  if sum == n then special[#special + 1] = "perfect" .. n end
  if cubes == n and n > 9 then special[#special + 1] = "armstrong" .. n end
end
print(table.concat(special, " ")) --> perfect6 perfect28 armstrong153 armstrong370 armstrong371 armstrong407 perfect496
