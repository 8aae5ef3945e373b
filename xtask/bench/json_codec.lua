-- group: strings
-- measures: a JSON encoder and a pattern-driven decoder over plain tables.

local byte, find, format, gsub, match, sub = string.byte, string.find, string.format, string.gsub, string.match, string.sub

local escapes = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\t"] = "\\t" }
local unescapes = { ['"'] = '"', ["\\"] = "\\", ["/"] = "/", n = "\n", t = "\t" }

local encode_into

local function encode_string(value, output)
  output[#output + 1] = '"' .. gsub(value, '["\\\n\t]', escapes) .. '"'
end

local encoders = {
  string = encode_string,
  number = function(value, output) output[#output + 1] = format("%.14g", value) end,
  boolean = function(value, output) output[#output + 1] = tostring(value) end,
  table = function(value, output)
    if value[1] ~= nil then
      for index = 1, #value do
        output[#output + 1] = index == 1 and "[" or ","
        encode_into(value[index], output)
      end
      output[#output + 1] = "]"
    else
      local keys = {}
      for key in pairs(value) do keys[#keys + 1] = key end
      table.sort(keys)
      output[#output + 1] = "{"
      for index = 1, #keys do
        if index > 1 then output[#output + 1] = "," end
        encode_string(keys[index], output)
        output[#output + 1] = ":"
        encode_into(value[keys[index]], output)
      end
      output[#output + 1] = "}"
    end
  end,
}

function encode_into(value, output) encoders[type(value)](value, output) end

local function encode(value)
  local output = {}
  encode_into(value, output)
  return table.concat(output)
end

local decode_value

local function skip(text, position) return match(text, "^[ \n\t]*()", position) end

local function decode_string(text, position)
  local start = position + 1
  local stop = start
  while true do
    stop = find(text, '["\\]', stop)
    if not stop then error("unfinished string") end
    if byte(text, stop) == 34 then break end
    stop = stop + 2
  end
  local raw = sub(text, start, stop - 1)
  if find(raw, "\\", 1, true) then raw = gsub(raw, "\\(.)", unescapes) end
  return raw, stop + 1
end

local function decode_array(text, position)
  local list, count = {}, 0
  position = skip(text, position + 1)
  while byte(text, position) ~= 93 do
    count = count + 1
    list[count], position = decode_value(text, position)
    position = skip(text, position)
    if byte(text, position) == 44 then position = skip(text, position + 1) end
  end
  return list, position + 1
end

local function decode_object(text, position)
  local object, key = {}, nil
  position = skip(text, position + 1)
  while byte(text, position) ~= 125 do
    key, position = decode_string(text, position)
    position = skip(text, position)
    assert(byte(text, position) == 58)
    object[key], position = decode_value(text, skip(text, position + 1))
    position = skip(text, position)
    if byte(text, position) == 44 then position = skip(text, position + 1) end
  end
  return object, position + 1
end

function decode_value(text, position)
  local code = byte(text, position)
  if code == 123 then return decode_object(text, position) end
  if code == 91 then return decode_array(text, position) end
  if code == 34 then return decode_string(text, position) end
  local word, after = match(text, "^(%a+)()", position)
  if word then return word == "true", after end
  local number
  number, after = match(text, "^(-?[%d.]+[eE]?[+-]?%d*)()", position)
  return tonumber(number), after
end

local document = {}
for index = 1, 300 do
  document[index] = {
    id = index, name = "item \"" .. index .. "\"", price = index * 1.25, active = index % 3 == 0,
    tags = { "red", "green\n", "tag" .. index % 7 },
    position = { x = index / 8, y = -index, labels = { "a", "b" } },
  }
end

local text = encode(document)
local checksum = 0
for _ = 1, 130 do
  local decoded = decode_value(text, 1)
  local again = encode(decoded)
  assert(again == text)
  checksum = checksum + #again + decoded[17].position.y
end
print(string.format("json_codec %d %d", #text, checksum))
