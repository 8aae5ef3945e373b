-- JSON: encoder and decoder with escapes, numbers, errors with positions, and a round trip.
local json = {}
local escapes = {['"'] = '\\"', ["\\"] = "\\\\", ["\b"] = "\\b", ["\f"] = "\\f", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t"}
local function encode_string(s)
  return '"' .. s:gsub('[%c"\\]', function(c) return escapes[c] or ("\\u%04x"):format(c:byte()) end) .. '"'
end
json.null = setmetatable({}, {__tostring = function() return "null" end})
local function encode(v, indent, level)
  local kind = type(v)
  if v == json.null then return "null"
  elseif kind == "string" then return encode_string(v)
  elseif kind == "number" then
    if v ~= v or v == math.huge or v == -math.huge then error("cannot encode " .. v, 0) end
    return math.type(v) == "integer" and ("%d"):format(v) or (("%.17g"):format(v):gsub("^(%-?%d+)$", "%1.0"))
  elseif kind == "boolean" then return tostring(v)
  elseif kind ~= "table" then error("cannot encode a " .. kind, 0) end
  local parts, open, close = {}, "{", "}"
  if #v > 0 or next(v) == nil and getmetatable(v) == "array" then
    open, close = "[", "]"
    for i, item in ipairs(v) do parts[i] = encode(item, indent, level + 1) end
  else
    local keys = {}
    for k in pairs(v) do if type(k) ~= "string" then error("bad key " .. tostring(k), 0) end keys[#keys + 1] = k end
    table.sort(keys)
    for i, k in ipairs(keys) do parts[i] = encode_string(k) .. (indent and ": " or ":") .. encode(v[k], indent, level + 1) end
  end
  if not indent or #parts == 0 then return open .. table.concat(parts, ",") .. close end
  local pad = "\n" .. indent:rep(level + 1)
  return open .. pad .. table.concat(parts, "," .. pad) .. "\n" .. indent:rep(level) .. close
end
function json.encode(v, indent) return encode(v, indent, 0) end
function json.decode(text)
  local pos = 1
  local function fail(what)
    local line = select(2, text:sub(1, pos - 1):gsub("\n", "")) + 1
    error(("%s at line %d, byte %d"):format(what, line, pos), 0)
  end
  local function skip() pos = text:find("[^ \t\r\n]", pos) or #text + 1 end
  local value
  local function string_value()
    local out = {}
    pos = pos + 1
    while true do
      local stop = text:find('["\\%c]', pos)
      if not stop then fail "unfinished string" end
      out[#out + 1] = text:sub(pos, stop - 1)
      local c = text:sub(stop, stop)
      pos = stop + 1
      if c == '"' then return table.concat(out)
      elseif c == "\\" then
        local e = text:sub(pos, pos)
        local plain = ({n = "\n", t = "\t", r = "\r", b = "\b", f = "\f", ['"'] = '"', ["\\"] = "\\", ["/"] = "/"})[e]
        if plain then out[#out + 1] = plain; pos = pos + 1
        elseif e == "u" then
          local hex = text:match("^%x%x%x%x", pos + 1) or fail "bad escape"
          pos = pos + 5
          local code = tonumber(hex, 16)
          if code >= 0xD800 and code < 0xDC00 then
            local low = text:match("^\\u(%x%x%x%x)", pos) or fail "lone surrogate"
            code = 0x10000 + ((code - 0xD800) << 10 | tonumber(low, 16) - 0xDC00)
            pos = pos + 6
          end
          out[#out + 1] = utf8.char(code)
        else fail "bad escape" end
      else fail "control character in string" end
    end
  end
  function value()
    skip()
    local c = text:sub(pos, pos)
    if c == '"' then return string_value()
    elseif c == "{" or c == "[" then
      local object, t, n, close = c == "{", {}, 0, c == "{" and "}" or "]"
      pos = pos + 1; skip()
      if text:sub(pos, pos) == close then pos = pos + 1 return t end
      while true do
        local key
        if object then
          skip()
          if text:sub(pos, pos) ~= '"' then fail "key expected" end
          key = string_value(); skip()
          if text:sub(pos, pos) ~= ":" then fail "':' expected" end
          pos = pos + 1
        else n = n + 1; key = n end
        t[key] = value(); skip()
        local sep = text:sub(pos, pos)
        pos = pos + 1
        if sep == close then return t elseif sep ~= "," then pos = pos - 1; fail("',' or '" .. close .. "' expected") end
      end
    end
    local word = text:match("^%a+", pos)
    if word then
      local constant = ({["true"] = true, ["false"] = false, null = json.null})[word]
      if constant == nil then fail("unknown word " .. word) end
      pos = pos + #word
      return constant
    end
    local number = text:match("^-?%d+%.?%d*[eE]?[+-]?%d*", pos)
    if not number or not tonumber(number) then fail(c == "" and "unexpected end" or "unexpected '" .. c .. "'") end
    pos = pos + #number
    return tonumber(number)
  end
  local result = value()
  skip()
  if pos <= #text then fail "trailing text" end
  return result
end
print(json.encode {1, 2.5, "x", true, json.null, {}, {a = 1, b = {2}}}) --> [1,2.5,"x",true,null,{},{"a":1,"b":[2]}]
print(json.encode {text = 'quote " slash \\ line\n tab\t bell\a', n = -0.5, big = 1 << 53, e = 1e300})
--> {"big":9007199254740992,"e":1.0000000000000001e+300,"n":-0.5,"text":"quote \" slash \\ line\n tab\t bell\u0007"}
print(json.encode({list = {1, {2, 3}}, o = {k = "v"}}, "  "))
--> {
-->   "list": [
-->     1,
-->     [
-->       2,
-->       3
-->     ]
-->   ],
-->   "o": {
-->     "k": "v"
-->   }
--> }
local v = json.decode ' { "a" : [1, 2.5, -3e2, true, false, null], "s": "A\\u00e9\\n\\ud834\\udd1e", "o": {"x": {}} } '
print(#v.a, v.a[1], v.a[2], v.a[3], v.a[4], v.a[5], tostring(v.a[6]), #v.s, v.s:byte(-1), next(v.o.x), math.type(v.a[1]))
--> 6	1	2.5	-300.0	true	false	null	8	158	nil	integer
local text = json.encode(v)
print(json.encode(json.decode(text)) == text, text:gsub("\240.*", ""))
--> true	{"a":[1,2.5,-300.0,true,false,null],"o":{"x":{}},"s":"Aé\n	1
for _, bad in ipairs {"", "[1,", "{1:2}", '{"a" 1}', "[1 2]", '"abc', "tru", "[1]x", '"\\q"', "\n\n[\n1,\n}", "-", "nan", '"\\ud834x"'} do print(select(2, pcall(json.decode, bad))) end
--> unexpected end at line 1, byte 1
--> unexpected end at line 1, byte 4
--> key expected at line 1, byte 2
--> ':' expected at line 1, byte 6
--> ',' or ']' expected at line 1, byte 4
--> unfinished string at line 1, byte 2
--> unknown word tru at line 1, byte 1
--> trailing text at line 1, byte 4
--> bad escape at line 1, byte 3
--> unexpected '}' at line 5, byte 8
--> unexpected '-' at line 1, byte 1
--> unknown word nan at line 1, byte 1
--> lone surrogate at line 1, byte 8
print(select(2, pcall(json.encode, {print})), select(2, pcall(json.encode, {[true] = 1})), select(2, pcall(json.encode, 1 / 0)))
--> cannot encode a function	bad key true	cannot encode inf
