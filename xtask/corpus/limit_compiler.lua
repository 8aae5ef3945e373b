-- Limits of the compiler: locals, upvalues, registers, nesting, constants, jumps.
local function try(source)
  local f, m = load(source, "=s")
  if not f then return (m:gsub("^s:%d+: ", ""):gsub("\n.*", "")) end
  return f
end
local function list(n, format) local t = {}; for i = 1, n do t[i] = format:format(i, i) end return t end
-- 200 local variables.
local f = try(table.concat(list(200, "local v%d = %d"), "\n") .. "\nreturn v1 + v200")
print(f()); print(try("local function f()\n" .. table.concat(list(201, "local v%d"), "\n") .. "\nend"))
--> 201
--> too many local variables (limit is 200) in function at line 1 near 'end'
print(try(table.concat(list(201, "local v%d"), "\n"))); f = try("local " .. table.concat(list(200, "v%d"), ",") .. " = ... ; return v1, v200"); print(f(table.unpack(list(200, "%d"))))
--> too many local variables (limit is 200) in main function near <eof>
--> 1	200
f = try(("do " .. table.concat(list(150, "local v%d"), "; ") .. " end\n"):rep(3) .. "return 'blocks end'"); print(f()) --> blocks end
print(try("function f(" .. table.concat(list(201, "p%d"), ",") .. ") end")); print(try("for " .. table.concat(list(250, "v%d"), ",") .. " in x do end"))
--> too many local variables (limit is 200) in function at line 1 near ')'
--> too many local variables (limit is 200) in main function near ','
-- 255 upvalues.
local function upvalues(n) return table.concat(list(120, "local a%d = %d"), "\n") .. "\nlocal function mid()\n" .. table.concat(list(120, "local b%d = %d"), "\n") .. "\nlocal function inner()\n" .. table.concat(list(n - 120, "local c%d = %d"), "\n")
  .. "\nreturn function() return 0 + " .. table.concat(list(120, "a%d"), "+") .. "+" .. table.concat(list(120, "b%d"), "+") .. "+" .. table.concat(list(n - 120 - 120, "c%d"), "+") .. " end\nend\nreturn inner()\nend\nreturn mid()" end
f = try(upvalues(255)); print(f()()); print(try(upvalues(256)))
--> 14640
--> too many upvalues (limit is 255) in function at line 379 near 'end'
-- Deep nesting: parentheses, tables, functions, blocks, unary operators, concatenations, calls.
local function nested(open, body, close, n) return open:rep(n) .. body .. close:rep(n) end
print(type(try("return " .. nested("(", "1", ")", 150))), try("return " .. nested("(", "1", ")", 150))()); print(try("return " .. nested("(", "1", ")", 300)))
--> function	1
--> C stack overflow
print(type(try("return " .. nested("{", "", "}", 150)))); print(try("return " .. nested("{", "", "}", 300))); print(type(try(nested("do ", "", " end", 150)))); print(try(nested("do ", "", " end", 300)))
--> function
--> C stack overflow
--> function
--> C stack overflow
print(try(nested("while a do ", "", " end", 300)), try(nested("function f() ", "", " end", 300)), try("return " .. ("-"):rep(1) .. nested("not ", "1", "", 300)))
--> C stack overflow	C stack overflow	C stack overflow
print(try("return " .. ("a.."):rep(300) .. "b")); print(type(try("return " .. ("a.."):rep(150) .. "b")), try("return " .. ("2^"):rep(300) .. "1")); print(type(try("return f" .. ("()"):rep(1000))), type(try("return a" .. (".b"):rep(1000))), type(try("return " .. ("1+"):rep(1000) .. "1")))
--> C stack overflow
--> function	C stack overflow
--> function	function	function
print(try("return " .. nested("f(", "", ")", 300)), type(try("x = " .. ("a and "):rep(500) .. "b"))); print(try(nested("if a then ", "", " end", 300)), type(try("if a then " .. ("elseif b then "):rep(400) .. "end")))
--> C stack overflow	function
--> C stack overflow	function
-- Expressions that need too many registers. (The message names no token: the compiler works on the tree.)
print((try("return f(" .. ("1,"):rep(260) .. "1)"):gsub(" near '1'", ""))); print(type(try("return f(" .. ("1,"):rep(240) .. "1)"))); print(type(try("return {" .. ("1,"):rep(1000) .. "1}"))); print(try("local a = " .. ("{f("):rep(130) .. ("1)}"):rep(130)))
--> function or expression needs too many registers
--> function
--> function
--> C stack overflow
-- Many constants, long jumps, large functions.
f = try("local s = 0\n" .. table.concat(list(700, "s = s + %d.5"), "\n") .. "\nreturn s"); print(f()) --> 245700.0
f = try("local t = {" .. table.concat(list(600, "k%d = 'v%d'"), ",") .. "}\nreturn t.k1 .. t.k300 .. t.k600"); print(f())
--> v1v300v600
f = try("local n, x = ..., 0\nwhile n > 0 do n = n - 1\n" .. ("x = x + 1; if x < 0 then break end\n"):rep(500) .. "end return x"); print(f(3))
--> 1500
f = try("local x = ...\nif x then " .. ("x = x + 1\n"):rep(2000) .. " else x = 'no' end return x"); print(f(0), f(false)) --> 2000	no
f = try("local x = 0\n" .. table.concat(list(300, "goto l%d; x = x + 1; ::l%d::"), "\n") .. "\nreturn x"); print(f()) --> 0
f = try("return {" .. table.concat(list(300, "function() return %d end"), ",") .. "}"); print(#f(), f()[250]()) --> 300	250
print(try("local a <const> = 1; local b <close> = nil; local c <close> = nil; return 'close'")(), #try("return '" .. ("x"):rep(100000) .. "'")(), try("return " .. ("  "):rep(10000) .. "1" .. ("\n"):rep(5000))())
--> close	100000	1
