-- string.format %q: text that reads back as the same value, for every kind of value.
local f = string.format
local function err(...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
local function one_line(s) return (s:gsub("\n", "<nl>"):gsub("\r", "<cr>"):gsub("%z", "<nul>")) end
print(f("%q", "plain"), f("%q", 'with "quotes"'), f("%q", "back\\slash"), f("%q", "it's"))
--> "plain"	"with \"quotes\""	"back\\slash"	"it's"
print(one_line(f("%q", "a\nb")), one_line(f("%q", "a\rb")), one_line(f("%q", "a\0b")), one_line(f("%q", "a\0001")), one_line(f("%q", "tab\t")))
--> "a\<nl>b"	"a\13b"	"a\0b"	"a\0001"	"tab\9"
print(one_line(f("%q", "\1\0012\127\128")):gsub("[\128-\255]", "<hi>")) --> "\1\0012\127<hi>"	1
print(f("%q", 1), f("%q", -1), f("%q", math.mininteger), f("%q", math.maxinteger)) --> 1	-1	0x8000000000000000	9223372036854775807
print(f("%q", 1.0), f("%q", 0.1), f("%q", -0.0), f("%q", 1e300), f("%q", 1 / 0), f("%q", -1 / 0), f("%q", 0 / 0))
--> 0x1p+0	0x1.999999999999ap-4	-0x0p+0	0x1.7e43c8800759cp+996	1e9999	-1e9999	(0/0)
print(f("%q", true), f("%q", false), f("%q", nil), f("%q|%q", "a", 2)) --> true	false	nil	"a"|2
local everything = {}
for i = 0, 255 do everything[#everything + 1] = string.char(i) end
everything = table.concat(everything)
assert(load("return " .. f("%q", everything))() == everything)
assert(load("return " .. f("%q", everything:reverse()))() == everything:reverse())
for i = 0, 255 do
  for _, tail in ipairs {"", "0", "9", "a", "\n"} do
    local s = string.char(i) .. tail
    assert(load("return " .. f("%q", s))() == s)
  end
end
for _, v in ipairs {0, 1, -1, math.mininteger, math.maxinteger, 0.1, -0.1, 2^53, 2^-1074, 1.7976931348623157e308, 1 / 3, 1 / 0} do
  local r = load("return " .. f("%q", v))()
  assert(r == v and math.type(r) == math.type(v))
end
print(load("return " .. f("%q", -0.0))()) --> -0.0
print(err("%q", {}), err("%q", print), err("%q", coroutine.create(print)), err("%q", io.stdout))
--> bad argument #2 to 'string.format' (value has no literal form)	bad argument #2 to 'string.format' (value has no literal form)	bad argument #2 to 'string.format' (value has no literal form)	bad argument #2 to 'string.format' (value has no literal form)
print(err("%5q", "x"), err("%.3q", "x"), err("%q"), err("%-q", 1))
--> specifier '%q' cannot have modifiers	specifier '%q' cannot have modifiers	bad argument #2 to 'string.format' (no value)	specifier '%q' cannot have modifiers
-- A serializer made of it.
local function serialize(v)
  if type(v) ~= "table" then return f("%q", v) end
  local keys, out = {}, {}
  for k in pairs(v) do keys[#keys + 1] = k end
  table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
  for _, k in ipairs(keys) do out[#out + 1] = "[" .. f("%q", k) .. "]=" .. serialize(v[k]) end
  return "{" .. table.concat(out, ",") .. "}"
end
local value = {1, 2.5, "three\n", {nested = {true, false}}, ["key with space"] = -0.25, [10] = "ten"}
local text = serialize(value)
print(one_line(text))
--> {[1]=1,[10]="ten",[2]=0x1.4p+1,[3]="three\<nl>",[4]={["nested"]={[1]=true,[2]=false}},["key with space"]=-0x1p-2}
assert(serialize(load("return " .. text)()) == text)
