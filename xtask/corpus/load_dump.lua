-- string.dump and load of binary chunks: values, upvalues, stripping, nested functions, damaged chunks.
local function roundtrip(f, strip, ...) return load(string.dump(f, strip), "=dumped", "b", ...) end
print(roundtrip(function(a, b) return a + b, a .. b end)(3, 4)) --> 7	34
print(roundtrip(function(...) return select("#", ...), ... end)(nil, 1)) --> 2	nil	1
-- Constants of every kind.
local function constants() return nil, true, false, 0, -1, 127, 128, 65536, 1 << 62, math.mininteger, 0.5, -0.0, 1e300, 2^53, 1 / 0, "", "short", ("x"):rep(3), "a\0b", "a long string that has more than forty characters in it, for sure" end
local a, b = table.pack(constants()), table.pack(roundtrip(constants, false, _G)())
local same = a.n == b.n
for i = 1, a.n do same = same and a[i] == b[i] and math.type(a[i]) == math.type(b[i]) end
print(same, a.n, b[20]) --> true	20	a long string that has more than forty characters in it, for sure
-- Upvalues are fresh and empty; the first gets the environment.
local up1, up2 = "one", "two"
local function uses() return up1, up2 end
local r = roundtrip(uses)
print(r() == _G, select(2, r())); debug.setupvalue(r, 1, "given"); debug.setupvalue(r, 2, "values"); print(r())
--> true	nil
--> given	values
local function globals() return tostring(1), undefined_global end
print(roundtrip(globals)()); print(pcall(roundtrip(globals, false, {tostring = function(x) return "env " .. x end}))); local shared = roundtrip(function() up1 = up1; return up1 end); print(shared() == _G, up1)
--> 1	nil
--> true	env 1	nil
--> true	one
-- Nested functions, closures, loops, varargs, goto, close: all still work.
local function big(n)
  local out, acc = {}, 0
  local function add(k) acc = acc + k; return function() return acc * k end end
  for i = 1, n do if i % 2 == 0 then goto continue end; out[#out + 1] = add(i)() ::continue:: end
  for k, v in ipairs {10, 20} do out[#out + 1] = k * v end
  while acc > 5 do acc = acc - 3; if acc == 6 then break end end
  repeat local done = acc < 3; acc = acc - 1 until done
  do local c <close> = setmetatable({}, {__close = function() out[#out + 1] = "closed" end}) end
  local t = {n = 1, [2] = "two", "one", f = function(self, x) return self.n + x end}
  out[#out + 1] = t:f(41) .. t[1] .. t[2]
  return table.concat(out, " "), acc
end
local env = {ipairs = ipairs, setmetatable = setmetatable, table = table}
print(big(7)); print(roundtrip(big, false, env)(7)); print(roundtrip(big, true, env)(7))
--> 1 12 45 112 10 40 closed 42onetwo	1
--> 1 12 45 112 10 40 closed 42onetwo	1
--> 1 12 45 112 10 40 closed 42onetwo	1
-- Stripping: no lines, no names; the message still says what is wrong.
local function faulty(t) local x = t.field; return x.y end
local function message(f, ...) local ok, m = pcall(f, ...); return m end
print((message(roundtrip(faulty), {}):gsub("^.-:(%d+):", "LINE:"))); print(message(roundtrip(faulty, true), {}))
--> LINE: attempt to index a nil value (local 'x')
--> ?:-1: attempt to index a nil value (field 'field')
print(debug.getinfo(roundtrip(faulty, true), "l").currentline, next(debug.getinfo(roundtrip(faulty, true), "L").activelines or {}), #string.dump(faulty, true) < #string.dump(faulty))
--> -1	nil	true
local i = debug.getinfo(roundtrip(faulty), "S"); print(i.source == debug.getinfo(faulty, "S").source, i.what, i.linedefined == debug.getinfo(faulty, "S").linedefined); print(debug.getinfo(roundtrip(faulty, true), "S").source)
--> true	Lua	true
--> =?
print(debug.getlocal(roundtrip(faulty), 1), debug.getlocal(roundtrip(faulty, true), 1), (debug.getupvalue(roundtrip(uses), 1)), (debug.getupvalue(roundtrip(uses, true), 1)))
--> t	nil	up1	(no name)
-- Dump of a dump is stable; header; native functions cannot be dumped.
local d = string.dump(big, true)
print(string.dump(load(d), true) == d, d:sub(1, 4) == "\27Lua", d:byte(5) == 0x54, d:byte(6) == 0) --> true	true	true	true
print((select(2, pcall(string.dump, select)):gsub("^[^:]+:%d+: ", "")), pcall(string.dump, 5) == false)
--> unable to dump given function	true
-- Damaged chunks are refused: every truncation, a wrong signature, version, format or data block.
local refused = 0
for n = 1, #d - 1 do local f, m = load(d:sub(1, n), "=t", "b"); if not f and m:find("truncated", 1, true) then refused = refused + 1 end end
print(refused == #d - 1) --> true
for _, at in ipairs {2, 5, 6, 7, 13, 14, 15, 16} do local bad = d:sub(1, at - 1) .. string.char(d:byte(at) ~ 0x55) .. d:sub(at + 1); print(at, select(2, load(bad, "=t", "b"))) end
--> 2	t: bad binary format (not a binary chunk)
--> 5	t: bad binary format (version mismatch)
--> 6	t: bad binary format (format mismatch)
--> 7	t: bad binary format (corrupted chunk)
--> 13	t: bad binary format (Instruction size mismatch)
--> 14	t: bad binary format (lua_Integer size mismatch)
--> 15	t: bad binary format (lua_Number size mismatch)
--> 16	t: bad binary format (integer format mismatch)
