-- Metamethods that are added, changed or removed after objects and absences were seen.
local function err(f, ...) return (select(2, pcall(f, ...)):gsub("^[^:]+:%d+: ", "")) end
local mt = {}
local t = setmetatable({}, mt)
-- Absence is looked at first in every way, then the method appears.
local probes = {
  index = function() return t.missing end,
  newindex = function() t.field = 1; local v = rawget(t, "field"); t.field = nil; rawset(t, "field", nil); return v end,
  call = function() return t() end,
  add = function() return t + 1 end,
  concat = function() return t .. "x" end,
  len = function() return #t end,
  eq = function() return t == setmetatable({}, mt) end,
  lt = function() return t < t end,
  le = function() return t <= t end,
  unm = function() return -t end,
  tostring = function() return (tostring(t):gsub("0x%x+", "ADDR")) end,
  pairs = function() for k in pairs(t) do return k end end,
}
local methods = {index = function() return "INDEX" end, newindex = function() end, call = function() return "CALL" end,
  add = function() return "ADD" end, concat = function() return "CONCAT" end, len = function() return "LEN" end, eq = function() return true end,
  lt = function() return true end, le = function() return true end, unm = function() return "UNM" end, tostring = function() return "TOSTRING" end,
  pairs = function() return next, {PAIRS = 1} end}
local names = {}
for name in pairs(probes) do names[#names + 1] = name end
table.sort(names)
local function probe(name)
  local ok, v = pcall(probes[name])
  if ok then return tostring(v):gsub("table: .*", "table") end
  return "error"
end
local results = {}
for _, name in ipairs(names) do
  local seen = {}
  for round = 1, 2 do
    seen[#seen + 1] = probe(name)
    mt["__" .. name] = methods[name]
    seen[#seen + 1] = probe(name)
    mt["__" .. name] = nil
  end
  seen[#seen + 1] = probe(name)
  rawset(mt, "__" .. name, methods[name])
  seen[#seen + 1] = probe(name)
  mt["__" .. name] = false
  seen[#seen + 1] = name == "index" and "-" or probe(name)
  mt["__" .. name] = nil
  results[#results + 1] = name .. ": " .. table.concat(seen, " ")
end
for _, line in ipairs(results) do print(line) end
--> add: error ADD error ADD error ADD error
--> call: error CALL error CALL error CALL error
--> concat: error CONCAT error CONCAT error CONCAT error
--> eq: false true false true false true error
--> index: nil INDEX nil INDEX nil INDEX -
--> le: error true error true error true error
--> len: 0 LEN 0 LEN 0 LEN error
--> lt: error true error true error true error
--> newindex: 1 nil 1 nil 1 nil error
--> pairs: nil PAIRS nil PAIRS nil PAIRS error
--> tostring: table TOSTRING table TOSTRING table TOSTRING error
--> unm: error UNM error UNM error UNM error
-- The same site sees objects with and without.
local function get(o) return o.key end
local with, without = setmetatable({}, {__index = function() return "indexed" end}), {}
local out = {}
for i = 1, 6 do out[i] = tostring(get(i % 2 == 0 and with or without)) end
print(table.concat(out, " ")) --> nil indexed nil indexed nil indexed
-- __index installed while a loop reads a field.
local obj, late = setmetatable({}, {}), {}
for i = 1, 4 do
  late[i] = tostring(obj.value)
  if i == 2 then getmetatable(obj).__index = {value = "late"} end
end
print(table.concat(late, " ")) --> nil nil late late
