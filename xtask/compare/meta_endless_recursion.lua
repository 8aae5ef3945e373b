-- Metamethods that call each other without end.
local t = setmetatable({}, {__index=function(t,k) return t[k..'x'] end})
local ok,e=pcall(function() return t.a end)
print(ok, #tostring(e)<300 and e)
local t = setmetatable({}, {__index=function(t,k) return t[k+1] end})
local ok,e=pcall(function() return t[1] end)
print(ok, #tostring(e)<300 and e)
local t = setmetatable({}, {__newindex=function(t,k,v) t[k..'x']=v end})
local ok,e=pcall(function() t.a=1 end)
print(ok, #tostring(e)<300 and e)
local m={} m.__concat=function(a,b) return a..b end
print(pcall(function() return setmetatable({},m)..'x' end))
m.__eq=function(a,b) return a==b end
local a,b = setmetatable({},m),setmetatable({},m)
print(pcall(function() return a==b end))
m.__len=function(a) return #a end
print(pcall(function() return #a end))
m.__call=function(self) return self() end
m.__unm=function(a) return -a end
print(pcall(function() return -a end))
m.__lt=function(a,b) return a<b end
print(pcall(function() return a<b end))
m.__tostring=function(a) return tostring(a) end
print(pcall(tostring,a))
m.__gc=nil
local function r() return r()+1 end
print(pcall(r))
print(pcall(string.gsub,"x","x",function() end))
local function s(x) return (x:gsub(".",s)) end
print(pcall(s,"a"))
