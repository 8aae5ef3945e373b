-- continue by goto in every kind of loop, with captured variables, nested loops and to-be-closed values.
local out = {}
local function flush() print(table.concat(out, " ")); out = {} end
for i = 1, 8 do if i % 3 == 0 then goto continue end if i > 6 then break end out[#out + 1] = i ::continue:: end
flush() --> 1 2 4 5
for k, v in ipairs {5, 6, 7, 8} do if v % 2 == 0 then goto continue end out[#out + 1] = k .. v ::continue:: end
flush() --> 15 37
local i = 0
while i < 6 do i = i + 1; if i == 2 or i == 4 then goto continue end out[#out + 1] = i ::continue:: end
flush() --> 1 3 5 6
i = 0
repeat i = i + 1; if i == 3 then goto continue end out[#out + 1] = i ::continue:: until i >= 5
flush() --> 1 2 4 5
for a = 1, 3 do for b = 1, 3 do if b == a then goto next_a end if a + b == 4 then goto next_b end out[#out + 1] = a .. b ::next_b:: end ::next_a:: end
flush() --> 21 32
-- Locals declared before the jump are fresh in each round and may be captured.
local fs = {}
for n = 1, 5 do
  local sq = n * n
  if sq % 2 == 0 then goto continue end
  do local inner = sq + 1; fs[#fs + 1] = function() sq = sq + 1; inner = inner + 10; return sq .. ":" .. inner .. ":" .. n end end
  ::continue::
end
for _, f in ipairs(fs) do out[#out + 1] = f() out[#out + 1] = f() end
flush() --> 2:12:1 3:22:1 10:20:3 11:30:3 26:36:5 27:46:5
local function closer(name) return setmetatable({}, {__close = function() out[#out + 1] = "close" .. name end}) end
for n = 1, 3 do local c <close> = closer(n); if n == 2 then goto continue end out[#out + 1] = "body" .. n ::continue:: end
flush() --> body1 close1 close2 body3 close3
-- Backward jumps that make closures and close values.
do
  local n = 0
  ::top::
  do
    local c <close> = closer(n)
    local keep = n
    fs[#fs + 1] = function() return keep end
    n = n + 1
    if n < 3 then goto top end
  end
  out[#out + 1] = fs[#fs]() .. fs[#fs - 1]() .. fs[#fs - 2]()
end
flush() --> close0 close1 close2 210
-- Jumps out of nested functions' loops are local to each; a retry loop; a scanner with several states.
local function retry(times) local attempts = 0; ::again:: attempts = attempts + 1; local ok = pcall(function() if attempts < times then error "no" end end); if not ok then goto again end return attempts end
print(retry(1), retry(4)) --> 1	4
local function scan(s)
  local pos, words, numbers = 1, {}, {}
  ::start::
  if pos > #s then goto finish end
  do local c = s:sub(pos, pos); if c:match "%a" then goto word elseif c:match "%d" then goto number end end
  pos = pos + 1
  goto start
  ::word:: do local w = s:match("^%a+", pos); words[#words + 1] = w; pos = pos + #w end goto start
  ::number:: do local d = s:match("^%d+", pos); numbers[#numbers + 1] = d; pos = pos + #d end goto start
  ::finish::
  return table.concat(words, ","), table.concat(numbers, ",")
end
print(scan "abc 12, de3f 456!"); print(#scan "")
--> abc,de,f	12,3,456
--> 0
-- Labels with the same name in sibling blocks and functions; unused labels; labels at ends of blocks.
for r = 1, 2 do do goto e; out[#out + 1] = "never" ::e:: end do if r == 1 then goto e end out[#out + 1] = "r" .. r ::e:: end end
::unused:: ; ;
flush() --> r2
local function early(x) if x then goto out end do return "fell through" end ::out:: return "jumped" end
print(early(true), early(false)) --> jumped	fell through
-- A goto over a nested function definition, and into the end of an if block.
do goto after; local function never() end ::after:: end
if true then goto last; local unused = 1 ::last:: end
do local k = 0; ::a:: k = k + 1; if k == 1 then goto a elseif k == 2 then goto b else goto c end ::b:: k = 10; goto a; ::c:: print(k) end
--> 11
