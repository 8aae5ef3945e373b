-- Numbers, as they are written, read and computed.
-- Addresses differ from run to run.
local function print(...)
  local words = table.pack(...)
  for i = 1, words.n do
    words[i] = tostring(words[i]):gsub("0x%x%x%x%x%x%x+", "0x?")
  end
  io.write(table.concat(words, "\t"), "\n")
end
for _,v in ipairs{0/0,-(0/0),1/0,-1/0,0.0,-0.0,1e15,1e16,123456789012345678,0.1,1/3,2^53,2^63,-2^63,1e100,5e-324,1.7976931348623157e308,3.14159265358979,100,1e2,2^24,-1e15,1e14,123456.789e3} do
 print(v, tostring(v), string.format("%.14g|%g|%e|%f|%a|%A|%G|%E", v,v,v,v,v,v,v,v)) print(string.format("%q",v), string.format("%5.1f|%-10.2f|%+.3e|% g|%#g|%010.3f",v,v,v,v,v,v), math.type(v))
end
for _,v in ipairs{0,1,-1,math.maxinteger,math.mininteger,255,1e3} do print(string.format("%d|%5d|%-5d|%05d|%+d|% d|%x|%X|%#x|%o|%#o|%i|%c|%q|%.5d",v,v,v,v,v,v,v,v,v,v,v,v,v%256,v,v) ) end
for _,s in ipairs{"0x","0x1p","1e","1e+","0x.p1","0x1.8p1","0x.8","1.","  12  ","12 3","0b1","1_000","0x1P-2","1E2","inf","nan","0x7fffffffffffffff","0x8000000000000000","0xffffffffffffffffff","9223372036854775807","9223372036854775808","-9223372036854775808","-9223372036854775809","1e308","1e309","-0","-0x10","+5","+-5","--5","5+","\t7\n","7\0","","  ","0x1.","1..2",".5",".","0xA.8p0","1e1.5","１"} do print(("%q"):format(s), tonumber(s), math.tointeger(s), math.type(tonumber(s))) end
for b=2,36,7 do print(b,tonumber("zz",b),tonumber("10",b),tonumber("-10",b),tonumber(" 1 ",b),tonumber("1 1",b),tonumber("",b),tonumber("7fffffffffffffffffff",b)) end
print(1e15,1e14,10//3,-10//3,10//-3,10%3,-10%3,10%-3,10.5%3,-10.5%3,10.5%-3,5//0.0,-5//0.0,0/0~=0/0,5%math.huge,-5%math.huge,5%-math.huge,1//math.huge,-1//math.huge)
print(math.maxinteger+1==math.mininteger,math.maxinteger*2,math.mininteger//-1,math.abs(math.mininteger),-math.mininteger,math.maxinteger+0.0,math.maxinteger+0.0==math.maxinteger,math.maxinteger<math.maxinteger+0.0,2^53==2^53+1,(2^53|0)+1==2^53+1)
print(1<<63,1<<64,1<<-1,1>>-1,-1>>1,-1>>63,-1>>64,1<<62,3&5.0,3&5,~0,2^31|0,"10"+5,"0x10"+0,"1e1"*1,10 .. 20,-2^2,2^-1,2^0.5,8%3.5,"5"//2,"5.0"//2,7//2.0)
print(math.floor(3.7),math.floor(-3.7),math.ceil(3.2),math.ceil(-3.2),math.floor(1e100),math.ceil(-1e100),math.fmod(-5,3),math.fmod(5,-3),math.fmod(-5.5,3),math.modf(3.7),math.modf(-3.7),math.modf(1/0),math.modf(-1/0),math.modf(5),math.tointeger(3.0),math.tointeger(3.5),math.tointeger(2^63),math.ult(1,-1),math.ult(-1,1),math.fmod(math.mininteger,-1),math.fmod(1e308,3))
print(math.max(1,2.5),math.max(2,2.0),math.max(2.0,2),math.min(1,1.0),math.max(0/0,1),math.max(1,0/0),math.sqrt(2),math.exp(1),math.log(8,2),math.log(100,10),math.log(0),math.log(-1),math.log(8,3),math.pi,math.huge,-math.huge,math.sin(1),math.cos(1),math.tan(1),math.asin(1),math.acos(0),math.atan(1,2),math.atan(1),math.deg(1),math.rad(180))
print(#tostring(0.1),0x.1p4,0xA,0Xa,0x1p-1,1e-7,123e-7,0.1+0.2,100000000000000,1e+2,.5,5.,3e0,0xffffffffffffffff,0x1ffffffffffffffff)
for i=math.maxinteger-2,math.maxinteger do io.write(i," ") end print() for i=math.mininteger+2,math.mininteger,-1 do io.write(i," ") end print() for i=1,3 do local j=i i=10 io.write(j," ") end print() for i=3,1 do print("never") end for i=1.0,2 do io.write(i," ") end for i=1,2.5 do io.write(i," ") end for i=0.1,0.35,0.1 do io.write(i," ") end print() for i=1,0/0 do print"nan" end for i=1,math.huge do if i>3 then break end io.write(i," ") end for i=1,-math.huge,-1 do if i<-2 then break end io.write(i," ") end for i=math.maxinteger-1,1e100 do io.write(i," ") end for i=1,math.maxinteger,math.maxinteger//2 do io.write(i," ") end print()
print(tostring(-(0/0)),tostring(0/0),string.format("%f %g %e %a %d",-(0/0),0/0,1/0,-1/0,3.0),2^1023*2,-2^1023*2)
print(string.format("%.0f %.1f %.20f %.3g %.10g %5.3s| %-5s| %5s|",0.5,0.05,0.1,1234567,1e10,"abcdef","ab","ab"),("%s %s %s"):format(nil,true,1.0),("%d"):format("10"),("%d"):format(3.0),("%x"):format(-1),("%5c|%-5c|"):format(65,66),("%q"):format("a\nb\0c\"\\\r\t\1272\200é"),("%q"):format(1/3),("%q"):format(math.mininteger))
