-- Compression: LZ77 with a dictionary of positions, run lengths, Huffman codes, base64; all there and back.
local function lz_compress(s)
  local out, positions, i = {}, {}, 1
  while i <= #s do
    local key = s:sub(i, i + 2)
    local best_len, best_dist = 0, 0
    for _, p in ipairs(#key == 3 and positions[key] or {}) do
      local len = 0
      while len < 255 and i + len <= #s and s:byte(p + len) == s:byte(i + len) do len = len + 1 end
      if len > best_len and i - p < 65536 then best_len, best_dist = len, i - p end
    end
    if best_len >= 4 then out[#out + 1] = string.pack("<BI2B", 255, best_dist, best_len)
    else
      best_len = 1
      local c = s:sub(i, i)
      out[#out + 1] = c == "\255" and "\255\0\0" .. "\0" or c
    end
    for j = i, i + best_len - 1 do
      local k = s:sub(j, j + 2)
      positions[k] = positions[k] or {}
      table.insert(positions[k], j)
    end
    i = i + best_len
  end
  return table.concat(out)
end
local function lz_expand(s)
  local out, n, i = {}, 0, 1
  while i <= #s do
    local b = s:byte(i)
    if b == 255 then
      local _, dist, len = string.unpack("<BI2B", s, i)
      if len == 0 then n = n + 1; out[n] = "\255" else for _ = 1, len do n = n + 1; out[n] = out[n - dist] end end
      i = i + 4
    else n = n + 1; out[n] = string.char(b); i = i + 1 end
  end
  return table.concat(out)
end
local samples = {"", "a", "abcabcabcabcabcabc", ("x"):rep(300), "no repeats here!", ("the quick brown fox "):rep(8) .. "jumps", "\255\255\255\255\255\0\1\255", "mississippi mississippi"}
for _, s in ipairs(samples) do local c = lz_compress(s); assert(lz_expand(c) == s); io.write(#s, "->", #c, "\n") end
--> 0->0
--> 1->1
--> 18->7
--> 300->9
--> 16->16
--> 165->29
--> 8->14
--> 23->16
-- Run lengths.
local function rle(s) local out, i = {}, 1; while i <= #s do local c = s:sub(i, i); local _, e = s:find("^" .. c:gsub("%W", "%%%0") .. "+", i); out[#out + 1] = (e - i + 1) .. c; i = e + 1 end return table.concat(out, " ") end
local function unrle(s) return (s:gsub("(%d+)(.) ?", function(n, c) return c:rep(tonumber(n)) end)) end
print(rle "aaabccdddd", unrle(rle "aaabccdddd"), unrle(rle "++--x")) --> 3a 1b 2c 4d	aaabccdddd	++--x
-- Huffman.
local function huffman(s)
  local freq, nodes = {}, {}
  for c in s:gmatch "." do freq[c] = (freq[c] or 0) + 1 end
  for c, n in pairs(freq) do nodes[#nodes + 1] = {n = n, c = c, key = c} end
  while #nodes > 1 do
    table.sort(nodes, function(a, b) if a.n ~= b.n then return a.n > b.n end return a.key > b.key end)
    local a, b = table.remove(nodes), table.remove(nodes)
    nodes[#nodes + 1] = {n = a.n + b.n, left = a, right = b, key = math.min(a.key:byte(), b.key:byte()) and (a.key < b.key and a.key or b.key)}
  end
  local codes = {}
  local function walk(node, prefix) if node.c then codes[node.c] = prefix == "" and "0" or prefix else walk(node.left, prefix .. "0"); walk(node.right, prefix .. "1") end end
  walk(nodes[1], "")
  return codes, nodes[1]
end
local function decode(bits, root) local out, node = {}, root; for b in bits:gmatch "." do node = root.c and root or (b == "0" and node.left or node.right); if node.c then out[#out + 1] = node.c; node = root end end return table.concat(out) end
for _, s in ipairs {"abracadabra", "aaaa", "hello world"} do
  local codes, root = huffman(s)
  local bits = s:gsub(".", codes)
  print(#bits, #s * 8, decode(bits, root) == s)
  --> 23	88	true
  --> 4	32	true
  --> 32	88	true
end
-- Base64 with padding, against known values.
local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
local function base64(s)
  return (s:gsub("..?.?", function(group)
    local a, b, c = group:byte(1, 3)
    local n = a << 16 | (b or 0) << 8 | (c or 0)
    local out = {}
    for i = 1, 4 do local k = n >> (24 - 6 * i) & 63; out[i] = i <= #group + 1 and alphabet:sub(k + 1, k + 1) or "=" end
    return table.concat(out)
  end))
end
local function unbase64(s)
  local out = {}
  for a, b, c, d in s:gmatch "(.)(.)(.)(.)" do
    local n = 0
    for _, ch in ipairs {a, b, c, d} do n = n << 6 | (ch == "=" and 0 or alphabet:find(ch, 1, true) - 1) end
    out[#out + 1] = string.pack(">I3", n):sub(1, d ~= "=" and 3 or c ~= "=" and 2 or 1)
  end
  return table.concat(out)
end
for _, s in ipairs {"f", "fo", "foo", "foobar", "Man is", "\0\255\254"} do local e = base64(s); assert(unbase64(e) == s); io.write(e, "\n") end
--> Zg==
--> Zm8=
--> Zm9v
--> Zm9vYmFy
--> TWFuIGlz
--> AP/+
print(#base64(("x"):rep(100))) --> 136
