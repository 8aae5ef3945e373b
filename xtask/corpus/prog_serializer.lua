-- Serialization of tables with cycles, shared references, metatables, functions by name; deep copy and comparison.
local names = {}
for lib, content in pairs {string = string, table = table, math = math} do for k, f in pairs(content) do if type(f) == "function" then names[f] = lib .. "." .. k end end end
local function key_text(k) if type(k) == "string" and k:match "^[%a_][%w_]*$" and not load("local t = {" .. k .. " = 1}", "=k") == false then return "." .. k end return "[" .. ("%q"):format(k) .. "]" end
local function serialize(root)
  local ids, order, out, counts = {}, {}, {}, {}
  local function scan(v) if type(v) ~= "table" then return end counts[v] = (counts[v] or 0) + 1; if counts[v] > 1 then return end for k, x in pairs(v) do scan(k); scan(x) end end
  scan(root)
  local late = {}
  local function sorted_keys(t) local ks = {}; for k in pairs(t) do ks[#ks + 1] = k end table.sort(ks, function(a, b) if type(a) ~= type(b) then return type(a) < type(b) end if type(a) == "table" or type(a) == "boolean" then return tostring(a) < tostring(b) end return a < b end); return ks end
  local function value(v, path)
    local kind = type(v)
    if kind == "function" then return names[v] or error("cannot serialize a function at " .. path, 0) end
    if kind ~= "table" then if kind == "userdata" or kind == "thread" then error("cannot serialize a " .. kind .. " at " .. path, 0) end return ("%q"):format(v) end
    if ids[v] then return nil, ids[v] end
    ids[v] = path
    local parts, n = {}, #v
    for i = 1, n do
      local text, ref = value(v[i], path .. "[" .. i .. "]")
      if ref then late[#late + 1] = path .. "[" .. i .. "] = " .. ref; text = "false" end
      parts[i] = text
    end
    for _, k in ipairs(sorted_keys(v)) do
      if not (math.type(k) == "integer" and k >= 1 and k <= n) then
        local kt = key_text(k)
        local text, ref = value(v[k], path .. kt)
        if ref then late[#late + 1] = path .. kt .. " = " .. ref else parts[#parts + 1] = (kt:sub(1, 1) == "." and kt:sub(2) or kt) .. " = " .. text end
      end
    end
    return "{" .. table.concat(parts, ", ") .. "}"
  end
  local text = "local t = " .. value(root, "t")
  return text .. (#late > 0 and "; " .. table.concat(late, "; ") or "") .. "; return t"
end
local shared = {1, 2}
local data = {name = "root", [1] = "one", list = {10, 20.5, "thirty", {true, false}}, shared, again = shared, ["odd key"] = -0.0, [2.5] = math.huge, f = string.upper, neg = math.mininteger, empty = {}}
data.self = data
data.list.parent = data
data.deep = {deep = {deep = {back = data.list}}}
local text = serialize(data)
print(text)
--> local t = {{1, 2}, [0x1.4p+1] = 1e9999, deep = {deep = {deep = {back = {10, 0x1.48p+4, "thirty", {true, false}}}}}, empty = {}, f = string.upper, name = "root", neg = 0x8000000000000000, ["odd key"] = -0x0p+0}; t.again = t[1]; t.deep.deep.deep.back.parent = t; t.list = t.deep.deep.deep.back; t.self = t; return t
local copy = load(text, "=data", "t", {string = string, math = math, table = table})()
print(copy.self == copy, copy.list.parent == copy, copy.again == copy[1] or copy.again == copy[2], copy.deep.deep.deep.back == copy.list, copy.f "shout", 1 / copy["odd key"], copy[2.5], copy.neg == math.mininteger, next(copy.empty))
--> true	true	true	true	SHOUT	-inf	inf	true	nil
print(serialize(copy) == text, select(2, pcall(serialize, {a = {b = print}})), select(2, pcall(serialize, {co = coroutine.create(print)})), select(2, pcall(serialize, {io.stdout})))
--> true	cannot serialize a function at t.a.b	cannot serialize a thread at t.co	cannot serialize a userdata at t[1]
-- Deep copy and deep comparison with cycles.
local function deep_copy(v, done) if type(v) ~= "table" then return v end done = done or {}; if done[v] then return done[v] end local c = {}; done[v] = c; for k, x in pairs(v) do c[deep_copy(k, done)] = deep_copy(x, done) end return setmetatable(c, getmetatable(v)) end
local function deep_equal(a, b, done) if a == b then return true end if type(a) ~= "table" or type(b) ~= "table" then return a ~= a and b ~= b end done = done or {}; if done[a] == b then return true end done[a] = b; for k, v in pairs(a) do if not deep_equal(v, b[k], done) then return false end end for k in pairs(b) do if a[k] == nil then return false end end return true end
local c = deep_copy(data)
print(c ~= data, c.self == c, deep_equal(c, data), deep_equal(data, copy), c.list ~= data.list) --> true	true	true	true	true
c.list[4][1] = "changed"
print(deep_equal(c, data), data.list[4][1], deep_equal({0 / 0}, {0 / 0}), deep_equal({1, 2}, {1, 2, 3}), deep_equal({}, {}), deep_equal({1}, {"1"}), deep_equal({{}}, {{{}}}))
--> false	true	true	false	true	false	false
local withmeta = setmetatable({v = 1}, {__index = {inherited = true}})
print(deep_copy(withmeta).inherited, getmetatable(deep_copy(withmeta)) == getmetatable(withmeta), rawget(deep_copy(withmeta), "inherited"))
--> true	true	nil
-- Flatten to paths and back; diff and merge of nested tables; freeze.
local function flatten(t, prefix, out) for k, v in pairs(t) do local p = prefix and prefix .. "." .. k or tostring(k); if type(v) == "table" then flatten(v, p, out) else out[p] = v end end return out end
local function unflatten(f) local t = {}; for p, v in pairs(f) do local at = t; local last; for part in p:gmatch "[^.]+" do part = tonumber(part) or part; if last then at[last] = at[last] or {}; at = at[last] end last = part end at[last] = v end return t end
local conf = {server = {host = "h", ports = {80, 443}}, debug = false, level = {a = {b = {c = 1}}}}
local flat = flatten(conf, nil, {})
local ks = {}
for k, v in pairs(flat) do ks[#ks + 1] = k .. "=" .. tostring(v) end
table.sort(ks)
print(table.concat(ks, " "), deep_equal(unflatten(flat), conf))
--> debug=false level.a.b.c=1 server.host=h server.ports.1=80 server.ports.2=443	true
local function merge(a, b) local r = deep_copy(a); for k, v in pairs(b) do if type(v) == "table" and type(r[k]) == "table" then r[k] = merge(r[k], v) else r[k] = deep_copy(v) end end return r end
local merged = merge(conf, {server = {host = "other", extra = {1}}, debug = {on = true}})
print(merged.server.host, merged.server.ports[2], merged.server.extra[1], merged.debug.on, conf.server.host, conf.debug)
--> other	443	1	true	h	false
local function freeze(t) for k, v in pairs(t) do if type(v) == "table" then t[k] = freeze(v) end end return setmetatable({}, {__index = t, __newindex = function(_, k) error("frozen field " .. tostring(k), 0) end, __len = function() return #t end, __pairs = function() return pairs(t) end}) end
local frozen = freeze(deep_copy(conf))
print(frozen.server.ports[1], #frozen.server.ports, pcall(function() frozen.server.host = "x" end)); print(pcall(function() frozen.new = 1 end))
--> 80	2	false	frozen field host
--> false	frozen field new
