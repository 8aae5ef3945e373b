-- Active lines and line hooks where operands stand on lines of their own.
local function lines(src)
  local f=load(src,"=c")
  local t=debug.getinfo(f,"L").activelines local r={} for k in pairs(t) do r[#r+1]=k end table.sort(r) 
  local tr={}
  debug.sethook(function(e,l) tr[#tr+1]=l end,"l") pcall(f) debug.sethook()
  print(table.concat(r," "),"|",table.concat(tr," "))
end
function g(...) return ... end
lines"g(\n1,\n2)"
lines"local x = g(\n1,\n2)\nreturn x"
lines"return g(\n1,\n2)"
lines"g(\n\n)"
lines"local t = {\n1,\n2,\ng(3),\n}"
lines"local t = {\na=1,\nb=2,\nc=g(3),\n}"
lines"local a =\n1 +\ng(2)\n+ 3"
lines"local s = ''\ns = s ..\n'a' ..\ng('b')\n"
lines"if g(1)\nthen\ng(2)\nelse\ng(3)\nend"
lines"for i=1,\n2 do\ng(i)\nend"
lines"for i in\npairs{1,2}\ndo\ng(i)\nend"
lines"local a = function ()\nend\na()"
lines"local s = ('x'):rep(\n3)\ng(s)"
lines"g(g(\n1),\ng(2))"
lines"local a,b\na,\nb =\n1,\n2"
lines"while g(1)\ndo\nbreak\nend"
lines"repeat\nlocal a = 1\nuntil\na"
lines"goto x\n::x::\ng(1)"
lines"do\nlocal a <close> = setmetatable({},{__close=function()\nend})\nend\ng()"
lines"local t={} t\n.x\n= 1\nt\n.y=\n2"
lines"local function f(a,\nb)\nreturn a\n,b\nend\nf(1,\n2)"
lines"return\n"
lines"local x <const> = 1\nlocal y = x\n"
lines"assert(\ng(\n1\n)\n)"
lines"print\n=\nprint"
lines"g{\n1\n}"
lines"if g(1) and\ng(2) or\ng(3) then\nend"
lines"local a = not\ng(1)\nlocal b = -\n#'x'"
