-- Summer time in a zone that has none.
print(os.time{year=2020,month=1,day=1,hour=0,isdst=true})
print(os.time{year=2020,month=7,day=1,hour=0,isdst=true})
print(os.time{year=2020,month=7,day=1,hour=0,isdst=false})
print(os.time{year=2020,month=7,day=1,hour=0})
local t={year=2020,month=7,day=1,hour=0,isdst=true}
print(os.time(t)) for _,k in ipairs{"year","month","day","hour","min","sec","wday","yday","isdst"} do print(k,t[k]) end
