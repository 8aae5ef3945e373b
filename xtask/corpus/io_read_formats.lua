-- File reading: formats n, l, L, a, counts; several at once; end of file; numbers of all shapes.
local name = os.tmpname()
local function with(text, f)
  local out = assert(io.open(name, "wb")); out:write(text); out:close()
  local file = assert(io.open(name, "rb"))
  f(file)
  file:close()
end
local function show(...)
  local t = table.pack(...)
  for i = 1, t.n do t[i] = type(t[i]) == "string" and ("%q"):format(t[i]):gsub("\\\n", "\\n") or tostring(t[i]) end
  print(table.concat(t, " "))
end
with("line one\nline two\r\n\nlast without end", function(f)
--> "line one"
--> "line two\13\n"
--> "" "last without end"
--> nil
--> ""
--> "" nil
  show(f:read()); show(f:read("L")); show(f:read("l", "l")); show(f:read("l")); show(f:read("a")); show(f:read("a", "l"))
end)
with("abcdefgh", function(f) show(f:read(3)); show(f:read(0)); show(f:read(2, 2)); show(f:read(100)); show(f:read(1)); show(f:read(0)); show(f:read("a")) end)
--> "abc"
--> ""
--> "de" "fg"
--> "h"
--> nil
--> nil
--> ""
with("", function(f) show(f:read("l")); show(f:read("a")); show(f:read("n")); show(f:read(0)); show(f:read("L", "a")) end)
--> nil
--> ""
--> nil
--> nil
--> nil
with("12 -7 3.5 .5 5. 1e3 -1E-2 0x1F 0x.8p1 +4\n0xA.8 99999999999999999999 1e400", function(f)
--> 12i -7i 3.5f 0.5f 5.0f 1000.0f -0.01f 31i 1.0f 4i 10.5f 1e+20f inff
--> nil
  local out = {}
  for i = 1, 13 do local n = f:read("n"); out[i] = tostring(n) .. (math.type(n) or ""):sub(1, 1) end
  print(table.concat(out, " "))
  show(f:read("n"))
end)
with("12abc 5 x7 --3 1e 0x 1.2.3", function(f) show(f:read("n")); show(f:read("l")) end)
--> 12
--> "abc 5 x7 --3 1e 0x 1.2.3"
with("  \t\n 42\n  rest", function(f) show(f:read("n", "l", "l")) end) --> 42 "" "  rest"
with("nan inf", function(f) show(f:read("n")); show(f:read("a")) end)
--> nil
--> "nan inf"
with("- 5", function(f) show(f:read("n", "n")); show(f:read("a")) end)
--> nil
--> " 5"
with("0x", function(f) show(f:read("n")); show(f:read("a")) end)
--> nil
--> ""
with("1e+", function(f) show(f:read("n")); show(f:read("a")) end)
--> nil
--> ""
with(("1"):rep(250) .. " 7", function(f) show(f:read("n")); show(#f:read("a")) end)
--> nil
--> 52
with("1,2,3", function(f) show(f:read("n", 1, "n", 1, "n", 1)) end) --> 1 "," 2 "," 3 nil
with("5\n6\n7", function(f) local s = 0; for n in f:lines("n") do s = s + n end show(s) end) --> 18
with("a\0b\nc\0\0d", function(f) local l = f:read("L"); show(#l, l:byte(2), #f:read("a")) end) --> 4 0 4
with("x\ny\nz", function(f) show(f:read("l", "n")); show(f:read("l")) end)
--> "x" nil
--> "y"
with("one\ntwo\n", function(f) show(f:read("*l", "*L")); show(f:read("*a")) end)
--> "one" "two\n"
--> ""
with("k1=10\nk2=20\n", function(f) local sum = 0; for key, eq, n in f:lines(2, 1, "n") do show(key, eq, n); sum = sum + n; f:read("l") end show(sum) end)
--> "k1" "=" 10
--> "k2" "=" 20
--> 30
with("text", function(f)
--> "bad argument #2 to '?' (invalid format)"
--> "bad argument #2 to '?' (invalid format)"
--> "bad argument #2 to '?' (string expected, got table)"
--> "bad argument #2 to '?' (string expected, got nil)"
--> true "text"
--> true
  local function err(...) return (select(2, pcall(f.read, f, ...)):gsub("^[^:]+:%d+: ", "")) end
  show(err("x")); show(err("")); show(err({})); show(err(nil)); show(pcall(f.read, f, "lx")); show(pcall(f.read, f, -1) == false)
end)
with(("long line "):rep(300) .. "\nend", function(f) show(#f:read(), f:read()) end) --> 3000 "end"
os.remove(name)
show(io.open(name) == nil) --> true
