-- Parameters of the collector are multiples of four.
for _,v in ipairs{150,151,152,200,1,2,3,4,5,1000,1020,400} do
 io.write(v," ",collectgarbage("setpause",v)," ",collectgarbage("setpause",200)," ",collectgarbage("setstepmul",v)," ",collectgarbage("setstepmul",100),"\n")
 collectgarbage("setpause",v) collectgarbage("setstepmul",v)
end
print(collectgarbage("setpause"), collectgarbage("setstepmul"))
print(pcall(collectgarbage,"setpause","x"))
print(pcall(collectgarbage,"setpause",1.5))
collectgarbage("incremental",150,150,10) print(collectgarbage("setpause"), collectgarbage("setstepmul"))
collectgarbage("generational") print(collectgarbage("step"), collectgarbage("step", 1), collectgarbage("step", 100))
collectgarbage("stop") print(collectgarbage("step"), collectgarbage("isrunning"), collectgarbage("restart"), collectgarbage("incremental"))
