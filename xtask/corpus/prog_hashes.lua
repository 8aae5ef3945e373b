-- Hash functions in 64-bit integers: SHA-256, MD5, CRC-32, Adler-32, FNV, xorshift; known values.
local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
local M32 = 0xFFFFFFFF
local function rotr(x, n) return (x >> n | x << 32 - n) & M32 end
local function rotl(x, n) return (x << n | x >> 32 - n) & M32 end
local K, H0 = {}, {}
do
  local n, count = 2, 0
  local function frac(x, p) return math.floor((x ^ p % 1) * 2 ^ 32) & M32 end
  while count < 64 do
    local prime = true
    for d = 2, math.floor(n ^ 0.5) do if n % d == 0 then prime = false break end end
    if prime then
      count = count + 1
      K[count] = math.floor((n ^ (1 / 3) % 1) * 2 ^ 32)
      if count <= 8 then H0[count] = math.floor((n ^ 0.5 % 1) * 2 ^ 32) end
    end
    n = n + 1
  end
end
local function sha256(s)
  local length = #s
  s = s .. "\x80" .. ("\0"):rep((55 - length) % 64) .. string.pack(">I8", length * 8)
  local h = table.move(H0, 1, 8, 1, {})
  for at = 1, #s, 64 do
    local w = {string.unpack(">" .. ("I4"):rep(16), s, at)}
    for i = 17, 64 do
      local a, b = w[i - 15], w[i - 2]
      w[i] = w[i - 16] + (rotr(a, 7) ~ rotr(a, 18) ~ a >> 3) + w[i - 7] + (rotr(b, 17) ~ rotr(b, 19) ~ b >> 10) & M32
    end
    local a, b, c, d, e, f, g, hh = table.unpack(h)
    for i = 1, 64 do
      local t1 = hh + (rotr(e, 6) ~ rotr(e, 11) ~ rotr(e, 25)) + (e & f ~ ~e & M32 & g) + K[i] + w[i]
      local t2 = (rotr(a, 2) ~ rotr(a, 13) ~ rotr(a, 22)) + (a & b ~ a & c ~ b & c)
      hh, g, f, e, d, c, b, a = g, f, e, d + t1 & M32, c, b, a, t1 + t2 & M32
    end
    for i, v in ipairs {a, b, c, d, e, f, g, hh} do h[i] = h[i] + v & M32 end
  end
  return hex(string.pack(">I4I4I4I4I4I4I4I4", table.unpack(h)))
end
print(sha256 "") --> e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
print(sha256 "abc") --> ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
print(sha256(("a"):rep(100))) --> 2816597888e4a0d3a36b82b83316ab32680eb8f00f8cd3b904d681246d285a0e
local S = {7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21}
local T = {}
for i = 1, 64 do T[i] = math.floor(math.abs(math.sin(i)) * 2 ^ 32) end
local function md5(s)
  local length = #s
  s = s .. "\x80" .. ("\0"):rep((55 - length) % 64) .. string.pack("<I8", length * 8)
  local a0, b0, c0, d0 = 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476
  for at = 1, #s, 64 do
    local m = {string.unpack("<" .. ("I4"):rep(16), s, at)}
    local a, b, c, d = a0, b0, c0, d0
    for i = 0, 63 do
      local f, g
      if i < 16 then f, g = b & c | ~b & d, i elseif i < 32 then f, g = d & b | ~d & c, (5 * i + 1) % 16 elseif i < 48 then f, g = b ~ c ~ d, (3 * i + 5) % 16 else f, g = c ~ (b | ~d & M32), 7 * i % 16 end
      f = (f & M32) + a + T[i + 1] + m[g + 1] & M32
      a, d, c, b = d, c, b, b + rotl(f, S[i // 16 * 4 + i % 4 + 1]) & M32
    end
    a0, b0, c0, d0 = a0 + a & M32, b0 + b & M32, c0 + c & M32, d0 + d & M32
  end
  return hex(string.pack("<I4I4I4I4", a0, b0, c0, d0))
end
print(md5 "", md5 "abc", md5 "The quick brown fox jumps over the lazy dog")
--> d41d8cd98f00b204e9800998ecf8427e	900150983cd24fb0d6963f7d28e17f72	9e107d9d372bb6826bd81d3542a419d6
local crc_table = {}
for i = 0, 255 do local c = i; for _ = 1, 8 do c = c & 1 == 1 and 0xEDB88320 ~ c >> 1 or c >> 1 end crc_table[i] = c end
local function crc32(s) local c = M32; for i = 1, #s do c = crc_table[(c ~ s:byte(i)) & 0xFF] ~ c >> 8 end return c ~ M32 end
local function adler32(s) local a, b = 1, 0; for i = 1, #s do a = (a + s:byte(i)) % 65521; b = (b + a) % 65521 end return b << 16 | a end
local function fnv1a(s) local h = 0xcbf29ce484222325; for i = 1, #s do h = (h ~ s:byte(i)) * 0x100000001b3 end return h end
local function djb2(s) local h = 5381; for c in s:gmatch "." do h = h * 33 + c:byte() & M32 end return h end
print(("%08x %08x %016x %d"):format(crc32 "123456789", adler32 "Wikipedia", fnv1a "foobar", djb2 "hello"))
--> cbf43926 11e60398 85944171f73967e8 261238937
local x = 88172645463325252
local function xorshift() x = x ~ x << 13; x = x ~ x >> 7; x = x ~ x << 17; return x end
print(xorshift(), xorshift(), xorshift()) --> 8748534153485358512	3040900993826735515	3453997556048239312
-- Hexadecimal dump with offsets.
local function dump(s) for at = 1, #s, 8 do local part = s:sub(at, at + 7); print(("%04x  %-23s  %s"):format(at - 1, hex(part):gsub("..", "%0 "):sub(1, -2), (part:gsub("%G", ".")))) end end
dump "Hello, World!\n\0\255~end."
--> 0000  48 65 6c 6c 6f 2c 20 57  Hello,.W
--> 0008  6f 72 6c 64 21 0a 00 ff  orld!...
--> 0010  7e 65 6e 64 2e           ~end.
