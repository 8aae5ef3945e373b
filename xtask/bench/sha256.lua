-- group: integers
-- measures: SHA-256 written in Lua: 32-bit logic in 64-bit integers, string.unpack, string.format.
-- engines: lua54

-- The round constants are the fractional parts of the cube roots of the first
-- primes, the initial state those of the square roots; both are computed.
local K, INITIAL = {}, {}
do
  -- floor(2^32 * frac(p^(1/n))) in integers: the largest r with r^n <= p * 2^(32 n), by bisection.
  local function fraction(p, power)
    local low, high = 0, 1 << 36
    local function not_above(r)
      -- Compares r^power with p * 2^(32*power) in limbs of 24 bits.
      local digits = { 1 }
      local function times(factor)
        local carry = 0
        for i = 1, #digits do
          local value = digits[i] * factor + carry
          digits[i] = value & 0xffffff
          carry = value >> 24
        end
        while carry > 0 do
          digits[#digits + 1] = carry & 0xffffff
          carry = carry >> 24
        end
      end
      for _ = 1, power do times(r) end
      local left = digits
      digits = { 1 }
      times(p)
      for _ = 1, power do times(1 << 32) end
      if #left ~= #digits then return #left < #digits end
      for i = #left, 1, -1 do
        if left[i] ~= digits[i] then return left[i] < digits[i] end
      end
      return true
    end
    while high - low > 1 do
      local middle = (low + high) // 2
      if not_above(middle) then low = middle else high = middle end
    end
    return low & 0xffffffff
  end

  local candidate = 2
  while #K < 64 do
    local prime = true
    for divisor = 2, candidate - 1 do
      if candidate % divisor == 0 then prime = false break end
    end
    if prime then
      K[#K + 1] = fraction(candidate, 3)
      if #INITIAL < 8 then INITIAL[#INITIAL + 1] = fraction(candidate, 2) end
    end
    candidate = candidate + 1
  end
end

local function rotate(x, count)
  return ((x >> count) | (x << (32 - count))) & 0xffffffff
end

local function sha256(message)
  local length = #message
  message = message .. "\x80" .. ("\0"):rep((55 - length) % 64) .. (">I8"):pack(length * 8)
  local h1, h2, h3, h4, h5, h6, h7, h8 = table.unpack(INITIAL)
  local w = {}
  for block = 1, #message, 64 do
    for i = 1, 16 do w[i] = (">I4"):unpack(message, block + (i - 1) * 4) end
    for i = 17, 64 do
      local x, y = w[i - 15], w[i - 2]
      local s0 = rotate(x, 7) ~ rotate(x, 18) ~ (x >> 3)
      local s1 = rotate(y, 17) ~ rotate(y, 19) ~ (y >> 10)
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) & 0xffffffff
    end
    local a, b, c, d, e, f, g, h = h1, h2, h3, h4, h5, h6, h7, h8
    for i = 1, 64 do
      local s1 = rotate(e, 6) ~ rotate(e, 11) ~ rotate(e, 25)
      local choice = (e & f) ~ (~e & g)
      local t1 = h + s1 + choice + K[i] + w[i]
      local s0 = rotate(a, 2) ~ rotate(a, 13) ~ rotate(a, 22)
      local majority = (a & b) ~ (a & c) ~ (b & c)
      h, g, f = g, f, e
      e = (d + t1) & 0xffffffff
      d, c, b = c, b, a
      a = (t1 + s0 + majority) & 0xffffffff
    end
    h1, h2, h3, h4 = (h1 + a) & 0xffffffff, (h2 + b) & 0xffffffff, (h3 + c) & 0xffffffff, (h4 + d) & 0xffffffff
    h5, h6, h7, h8 = (h5 + e) & 0xffffffff, (h6 + f) & 0xffffffff, (h7 + g) & 0xffffffff, (h8 + h) & 0xffffffff
  end
  return ("%08x%08x%08x%08x%08x%08x%08x%08x"):format(h1, h2, h3, h4, h5, h6, h7, h8)
end

assert(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
local digest = "seed"
for _ = 1, 15000 do digest = sha256(digest) end
digest = sha256(digest .. ("lua"):rep(120000))
print("sha256 " .. digest)
