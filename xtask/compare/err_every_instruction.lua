-- What the messages of all instructions call their operands.
-- Addresses differ from run to run.
local function print(...)
  local words = table.pack(...)
  for i = 1, words.n do
    words[i] = tostring(words[i]):gsub("0x%x%x%x%x%x%x+", "0x?")
  end
  io.write(table.concat(words, "\t"), "\n")
end
local function e(f,...) local ok,m=pcall(f,...) print(ok, m) end
local up, upt, ups = nil, {}, "str"
local K <const> = "konst"
e(function() return up.x end) e(function() return upt.x.y end) e(function() up.x=1 end) e(function() upt.x.y=1 end)
e(function() return up() end) e(function() return upt.x() end) e(function() return upt:foo() end) e(function() return up:foo() end)
e(function() return ups.x.y end) e(function() return ups:nope() end) e(function() return ("x"):nope() end)
e(function() return gx.y end) e(function() gx.y=1 end) e(function() gx() end) e(function() gx.y() end) e(function() gx:m() end)
e(function() return gt1+1 end) e(function() return 1+gt1 end) e(function() return up+1 end) e(function() return upt.a+1 end) e(function() return upt.a.b+1 end)
e(function() local a return a+1 end) e(function() local a={} return a+1 end) e(function() local a={} return 1+a end) e(function() local a="x" return a+1 end)
e(function() local a="x" return 1+a end) e(function() local a="x" return a*2 end) e(function() return "abc"+1 end) e(function() return 1+"abc" end)
e(function() local a,b={},{} return a+b end) e(function() local a,b=1,{} return a+b end) e(function() local a,b="1",{} return a+b end) e(function() local a,b="z",{} return a+b end) e(function() local a,b={},"z" return a+b end)
e(function() return -up end) e(function() return -upt end) e(function() return -{} end) e(function() local s="a" return -s end) e(function() return -("a") end) e(function() return ~1.5 end) e(function() local x=1.5 return ~x end) e(function() return ~"a" end) e(function() return ~{} end) e(function() return ~upt.q end)
e(function() return #up end) e(function() return #upt.x end) e(function() return #5 end) e(function() local n=5 return #n end) e(function() return #print end)
e(function() return up..'x' end) e(function() return 'x'..up end) e(function() return 'x'..upt.k end) e(function() return upt.k..'x' end) e(function() return {}..'x' end) e(function() return 'x'..{} end) e(function() return 1 ..{}..2 end) e(function() local a,b,c='a',nil,'c' return a..b..c end) e(function() local a,b,c='a','b',nil return a..b..c end) e(function() local a,b,c=nil,'b','c' return a..b..c end) e(function() return 'a'..(gx)..'c' end) e(function() return K..up end) e(function() return K..upt.x..'a' end)
e(function() return 1<up end) e(function() return up<1 end) e(function() return {}<{} end) e(function() return {}<1 end) e(function() return "a"<1 end) e(function() return 1<="a" end) e(function() return nil>1 end) e(function() return print<print end) e(function() return {}>={} end) e(function() return true<false end) e(function() local a,b=1,"1" return a<b end)
e(function() return 1|1.5 end) e(function() return 1.5&1 end) e(function() local a=1.5 return a|1 end) e(function() local a=2^63 return a|1 end) e(function() return "a"|1 end) e(function() return "1.5"|1 end) e(function() local s="1.5" return s|1 end) e(function() return 1|{} end) e(function() return up|1 end) e(function() return upt.x|1 end) e(function() return 1<<{} end) e(function() return {}>>1 end) e(function() return 1<<1.5 end) e(function() return "x"<<1 end)e(function() return 1<<"x" end) e(function() return 1~up end)
e(function() return 1//0 end) e(function() return 1%0 end) e(function() local z=0 return 1//z end) e(function() local z=0 return 5%z end) e(function() return math.mininteger//-1, math.mininteger%-1 end)
e(function() upt[nil]=1 end) e(function() upt[0/0]=1 end) e(function() local t={} t[nil]=1 end) e(function() local t={[nil]=1} end) e(function() return upt[nil] end) e(function() rawset({},nil,1) end) e(function() rawset({},0/0,1) end) e(function() local k t={} t[k]=5 end)
e(function() local t={} t.x.y.z=1 end) e(function() local t={x={}} t.x.y.z=1 end) e(function() local t={} return t.x.y.z end) e(function() local t={} return t[1][2] end) e(function() local t,k={}, "key" return t[k].z end) e(function() local t,k={},{} return t[k].z end) e(function() local t={} return t[1.5].z end) e(function() local t={} return t[true].z end) e(function() local t={} t[1]() end) e(function() local t={} t["a b"]() end) e(function() local t={} t[up]() end) e(function() local t={} local k=3 t[k]() end)
e(function() (nil)() end) e(function() (1)() end) e(function() ("x")() end) e(function() ({})() end) e(function() (function() end)()() end) e(function() local a=1; (a)() end) e(function() return (up or nil)() end) e(function() local a; a.b.c() end) e(function() local t={} t.a.b:c() end) e(function() string.nope() end) e(function() string.nope.x() end) e(function() math.x.y=1 end)
