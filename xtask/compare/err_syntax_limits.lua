local function many(n, f) local t = {} for i = 1, n do t[i] = f(i) end return table.concat(t, ",") end
local function try(s) local f, m = load(s, "=l") print(f and "ok" or m:match("^[^\n]*")) end
local function a(i) return "a" .. i end
try("local " .. many(200, a))
try("local " .. many(201, a))
try("function f() local " .. many(201, a) .. " end")
try("return " .. ("("):rep(150) .. "1" .. (")"):rep(150))
try("return " .. ("("):rep(300) .. "1" .. (")"):rep(300))
try(("do "):rep(300) .. ("end "):rep(300))
try("x = " .. ("{"):rep(300) .. ("}"):rep(300))
try("x = " .. ("not "):rep(300) .. "1")
try("x = 2" .. ("^2"):rep(300))
try("x = a" .. (".a"):rep(300))
try(("a(0)"):rep(300, ";"))
