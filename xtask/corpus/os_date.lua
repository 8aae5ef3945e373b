-- os.date in UTC: formats, tables, fields; extreme and odd times.
local t0 = 0
print(os.date("!%Y-%m-%d %H:%M:%S", 0), os.date("!%c", 0), os.date("!%x %X %p", 0), os.date("!%D %T %R %F", 86399))
--> 1970-01-01 00:00:00	Thu Jan  1 00:00:00 1970	01/01/70 00:00:00 AM	01/01/70 23:59:59 23:59 1970-01-01
print(os.date("!%a %A %b %B %h %d %e %j %U %W %V %G %g %u %w %y %C %n%t%%", 1e9 | 0):gsub("%s", "_"))
--> Sun_Sunday_Sep_September_Sep_09__9_252_36_36_36_2001_01_7_0_01_20___%	20
print(os.date("!%I %M %S %H %r", 45296), os.date("!%Ey %Od %EY %Om", 0), os.date("!", 0) == "", os.date("!plain text", 0))
--> 12 34 56 12 12:34:56 PM	70 01 1970 01	true	plain text
local d = os.date("!*t", 1234567890)
print(d.year, d.month, d.day, d.hour, d.min, d.sec, d.wday, d.yday, d.isdst) --> 2009	2	13	23	31	30	6	44	false
d = os.date("!*t", 0); print(d.year, d.month, d.day, d.hour, d.min, d.sec, d.wday, d.yday, d.isdst) --> 1970	1	1	0	0	0	5	1	false
d = os.date("!*t", -1); print(d.year, d.month, d.day, d.hour, d.min, d.sec, d.wday, d.yday) --> 1969	12	31	23	59	59	4	365
d = os.date("!*t", 951782400); print(d.year, d.month, d.day, d.yday); d = os.date("!*t", 4102444800); print(d.year, d.month, d.day, d.wday)
--> 2000	2	29	60
--> 2100	1	1	6
d = os.date("!*t", -2208988800); print(d.year, d.month, d.day, d.wday); d = os.date("!*t", -62135596800); print(d.year, d.month, d.day); d = os.date("!*t", 253402300799); print(d.year, d.month, d.day, d.sec)
--> 1900	1	1	2
--> 1	1	1
--> 9999	12	31	59
print(os.date("!%Y", 253402300800), os.date("!%Y-%m-%d", 67767976233532799), os.date("!%H", 3600.0), #os.date(), type(os.date("*t").isdst))
--> 10000	2147483647-12-31	01	24	boolean
local function err(fn, ...) return (select(2, pcall(fn, ...)):gsub("^[^:]+:%d+: ", "")) end
print(err(os.date, "%Ez", 0)); print(err(os.date, "%", 0)); print(err(os.date, "!%Q", 0)); print(err(os.date, "%O", 0)); print(err(os.date, "!%H%E", 0)); print(err(os.date, "!*t", 1 << 60)); print(err(os.date, {}, 0)); print(err(os.date, "!%c", "x")); print(err(os.date, "!%c", 1.5)); print(os.date("!*tail", 0).year)
--> bad argument #1 to 'os.date' (invalid conversion specifier '%Ez')
--> bad argument #1 to 'os.date' (invalid conversion specifier '%')
--> bad argument #1 to 'os.date' (invalid conversion specifier '%Q')
--> bad argument #1 to 'os.date' (invalid conversion specifier '%O')
--> bad argument #1 to 'os.date' (invalid conversion specifier '%E')
--> date result cannot be represented in this installation
--> bad argument #1 to 'os.date' (string expected, got table)
--> bad argument #2 to 'os.date' (number expected, got string)
--> bad argument #2 to 'os.date' (number has no integer representation)
--> nil
-- Every day of some years against a calendar computed by hand.
local function leap(y) return y % 4 == 0 and (y % 100 ~= 0 or y % 400 == 0) end
local days = 0
for y = 1970, 1976 do
  local lengths = {31, leap(y) and 29 or 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
  local yday = 0
  for m = 1, 12 do
    for day = 1, lengths[m], 9 do
      local at = (days + day - 1) * 86400 + 3661
      local r = os.date("!*t", at)
      assert(r.year == y and r.month == m and r.day == day and r.hour == 1 and r.min == 1 and r.sec == 1)
      assert(r.yday == yday + day and r.wday == (days + day - 1 + 4) % 7 + 1)
    end
    days = days + lengths[m]; yday = yday + lengths[m]
  end
end
print(days) --> 2557
-- Week numbers around new year.
local out = {}
for _, at in ipairs {1104537600, 1104710400, 1230768000, 1262304000, 1293840000, 1325376000} do out[#out + 1] = os.date("!%G-%V-%u/%U/%W", at) end
print(table.concat(out, " ")) --> 2004-53-6/00/00 2005-01-1/01/01 2009-01-4/00/00 2009-53-5/00/00 2010-52-6/00/00 2011-52-7/01/00
