local function many(n, f) local t = {} for i = 1, n do t[i] = f(i) end return table.concat(t, ",") end
local function try(s) local f, m = load(s, "=l") print(f and "ok" or m:match("^[^\n]*"):gsub(" near .*", "")) end
try("f(" .. many(300, function() return "x" end) .. ")")
try("return " .. many(300, function(i) return "x" .. i end))
try("local a = {" .. many(300, function() return "f()" end) .. "}")
try("local a; return " .. many(254, function() return "a" end))
try("local a; return " .. many(253, function() return "a" end))
try("a.b(" .. many(260, function(i) return i end) .. ")\nx = 1")
try("x = " .. many(300, function() return "y" end):gsub(",", ".."))
try("x = " .. many(100, function() return "y" end):gsub(",", ".."))
try("local t = {" .. many(300, function(i) return i end) .. "}")
try(many(200, function(i) return "v" .. i end) .. " = 1")
try(many(300, function(i) return "v" .. i end) .. " = 1")
try("x = " .. ("f("):rep(250) .. (")"):rep(250))
