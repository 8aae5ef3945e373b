-- How chunk names appear in messages: '=', '@', and source strings, cut to 59 bytes.
local function where(chunkname, source)
  local f = assert(load(source or "error('x')", chunkname))
  local _, message = pcall(f)
  return message
end
print(where("=name")) --> name:1: x
print(where("@file.lua")) --> file.lua:1: x
print(where("plain text")) --> [string "plain text"]:1: x
print(where("=" .. ("n"):rep(80))) --> nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn:1: x
print(where("@" .. "dir/" .. ("f"):rep(80) .. ".lua")) --> ...ffffffffffffffffffffffffffffffffffffffffffffffffffff.lua:1: x
print(where("two\nlines")) --> [string "two..."]:1: x
print(where(("s"):rep(80))) --> [string "sssssssssssssssssssssssssssssssssssssssssssss..."]:1: x
print(where("short\n")) --> [string "short..."]:1: x
print(where("")) --> [string ""]:1: x
print(where("=")) --> :1: x
print(where("@")) --> :1: x
print(where(nil, "error('x')")) --> [string "error('x')"]:1: x
print(where(nil, "  error('x') -- " .. ("c"):rep(60))) --> [string "  error('x') -- ccccccccccccccccccccccccccccc..."]:1: x
print(where(nil, "local a = 1\nerror('x')")) --> [string "local a = 1..."]:2: x
for _, chunkname in ipairs {"=abc", "@abc", "abc", "abc\ndef", "=" .. ("x"):rep(59), "=" .. ("x"):rep(60), "@" .. ("y"):rep(59),
                            "@" .. ("y"):rep(60), ("z"):rep(44), ("z"):rep(45), ("z"):rep(46)} do
  local info = debug.getinfo(load("", chunkname), "S")
  assert(info.source == chunkname)
  io.write(info.short_src, " ", #info.short_src, "\n")
  --> abc 3
  --> abc 3
  --> [string "abc"] 14
  --> [string "abc..."] 17
  --> xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx 59
  --> xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx 59
  --> yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy 59
  --> ...yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy 59
  --> [string "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"] 55
  --> [string "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz..."] 59
  --> [string "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz..."] 59
end
print(select(2, load("x = ", "=(load)"))) --> (load):1: unexpected symbol near <eof>
print(select(2, load("x = ", "@a/b.lua"))) --> a/b.lua:1: unexpected symbol near <eof>
print(select(2, load("x = "))) --> [string "x = "]:1: unexpected symbol near <eof>
print(select(2, load("\nx = "))) --> [string "..."]:2: unexpected symbol near <eof>
