-- group: integers
-- measures: 64-bit hashing and arithmetic modulo a prime: `~`, `*`, `>>`, `//`, `%`, comparison of unsigned values.
-- engines: lua54

local function fnv1a(text)
  local hash = 0xcbf29ce484222325
  for index = 1, #text do
    hash = (hash ~ text:byte(index)) * 0x100000001b3
  end
  return hash
end

local function power(base, exponent, modulus)
  local result = 1
  base = base % modulus
  while exponent > 0 do
    if exponent & 1 == 1 then result = result * base % modulus end
    base = base * base % modulus
    exponent = exponent >> 1
  end
  return result
end

local function is_prime(n)
  if n < 2 or n % 2 == 0 then return n == 2 end
  local odd, twos = n - 1, 0
  while odd & 1 == 0 do
    odd = odd >> 1
    twos = twos + 1
  end
  for _, witness in ipairs { 2, 3, 5, 7 } do
    if witness % n ~= 0 then
      local x = power(witness, odd, n)
      if x ~= 1 and x ~= n - 1 then
        local composite = true
        for _ = 2, twos do
          x = x * x % n
          if x == n - 1 then composite = false break end
        end
        if composite then return false end
      end
    end
  end
  return true
end

local function gcd(a, b)
  while b ~= 0 do a, b = b, a % b end
  return a
end

local combined, smallest = 0, -1
for index = 1, 560000 do
  local hash = fnv1a("a key to hash " .. index)
  combined = combined ~ hash
  if math.ult(hash, smallest) then smallest = hash end
end

local primes = 0
for n = 1000000007, 1000500007, 2 do
  if is_prime(n) then primes = primes + 1 end
end

local total = 0
for a = 1, 4400 do
  for b = a, 4400, 7 do total = total + gcd(a, b) + (a * b) // (a + b) end
end
print(string.format("fnv64 %x %x %d %d", combined, smallest, primes, total))
