-- Dates by arithmetic only: day numbers, weekdays, leap years, calendars, Easter, ISO weeks, durations.
local function leap(y) return y % 4 == 0 and (y % 100 ~= 0 or y % 400 == 0) end
local function days_in(y, m) return m == 2 and (leap(y) and 29 or 28) or (m == 4 or m == 6 or m == 9 or m == 11) and 30 or 31 end
local function day_number(y, m, d) if m <= 2 then y = y - 1 end local era = y // 400; local yoe = y - era * 400; local doy = (153 * (m + (m > 2 and -3 or 9)) + 2) // 5 + d - 1; return era * 146097 + yoe * 365 + yoe // 4 - yoe // 100 + doy - 719468 end
local function from_day(n) n = n + 719468; local era = n // 146097; local doe = n - era * 146097; local yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365; local doy = doe - (365 * yoe + yoe // 4 - yoe // 100); local mp = (5 * doy + 2) // 153; local m = mp < 10 and mp + 3 or mp - 9; return yoe + era * 400 + (m <= 2 and 1 or 0), m, doy - (153 * mp + 2) // 5 + 1 end
local names = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}
local function weekday(y, m, d) return (day_number(y, m, d) + 4) % 7 + 1 end
print(day_number(1970, 1, 1), day_number(2000, 3, 1), day_number(1969, 12, 31), day_number(1, 1, 1), from_day(0)); print(from_day(-719468)); print(from_day(19999)); print(names[weekday(2024, 2, 29)], names[weekday(1900, 1, 1)], names[weekday(1582, 10, 15)])
--> 0	11017	-1	-719162	1970	1	1
--> 0	3	1
--> 2024	10	3
--> Thu	Mon	Fri
for n = -1000000, 1000000, 9973 do local y, m, d = from_day(n); assert(day_number(y, m, d) == n and d >= 1 and d <= days_in(y, m)) end
-- Agreement with os.date in UTC over some years.
for n = 0, 25000, 331 do local t, y, m, d = os.date("!*t", n * 86400), from_day(n); assert(t.year == y and t.month == m and t.day == d and t.wday == weekday(y, m, d)) end
local function calendar(y, m) local out = {("%9s %d"):format(({"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"})[m], y), "Mo Tu We Th Fr Sa Su"}; local line = ("   "):rep((weekday(y, m, 1) + 5) % 7); for d = 1, days_in(y, m) do line = line .. ("%2d "):format(d); if weekday(y, m, d) == 1 or d == days_in(y, m) then out[#out + 1] = line:gsub("%s+$", ""); line = "" end end return out end
for _, l in ipairs(calendar(2024, 2)) do print((l:gsub("^%s", "."))) end
--> .February 2024
--> Mo Tu We Th Fr Sa Su
--> .         1  2  3  4
--> .5  6  7  8  9 10 11
--> 12 13 14 15 16 17 18
--> 19 20 21 22 23 24 25
--> 26 27 28 29
local function easter(y) local a, b, c = y % 19, y // 100, y % 100; local d, e, f = b // 4, b % 4, (b + 8) // 25; local g = (b - f + 1) // 3; local h = (19 * a + b - d - g + 15) % 30; local i, k = c // 4, c % 4; local l = (32 + 2 * e + 2 * i - h - k) % 7; local m = (a + 11 * h + 22 * l) // 451; local n = h + l - 7 * m + 114; return n // 31, n % 31 + 1 end
local out = {}
for _, y in ipairs {1961, 2000, 2008, 2019, 2024, 2038} do out[#out + 1] = ("%d-%02d-%02d"):format(y, easter(y)) end
print(table.concat(out, " ")) --> 1961-04-02 2000-04-23 2008-03-23 2019-04-21 2024-03-31 2038-04-25
local function iso_week(y, m, d) local n = day_number(y, m, d); local w = (n + 3) % 7; local thursday = n - w + 3; local ty = from_day(thursday); return ty, (thursday - day_number(ty, 1, 1)) // 7 + 1, w + 1 end
for _, t in ipairs {{2005, 1, 1}, {2008, 12, 29}, {2010, 1, 3}, {2024, 12, 30}} do print(iso_week(table.unpack(t))); assert(("%d-%02d-%d"):format(iso_week(table.unpack(t))) == os.date("!%G-%V-%u", day_number(table.unpack(t)) * 86400)) end
--> 2004	53	6
--> 2009	1	1
--> 2009	53	7
--> 2025	1	1
-- Months added with clamping; ages; durations in words; working days; Friday the 13th.
local function add_months(y, m, d, k) local total = y * 12 + m - 1 + k; y, m = total // 12, total % 12 + 1; return y, m, math.min(d, days_in(y, m)) end
print(add_months(2024, 1, 31, 1)); print(add_months(2023, 12, 31, 2)); print(add_months(2024, 3, 15, -15))
--> 2024	2	29
--> 2024	2	29
--> 2022	12	15
local function age(by, bm, bd, y, m, d) return y - by - ((m < bm or m == bm and d < bd) and 1 or 0) end
print(age(2000, 2, 29, 2024, 2, 28), age(2000, 2, 29, 2024, 2, 29), age(1990, 12, 1, 2024, 1, 1)) --> 23	24	33
local function words(s) local parts = {}; for _, u in ipairs {{604800, "week"}, {86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}} do local n = s // u[1]; s = s % u[1]; if n > 0 then parts[#parts + 1] = n .. " " .. u[2] .. (n > 1 and "s" or "") end end return #parts > 0 and table.concat(parts, ", ") or "nothing" end
for _, s in ipairs {0, 1, 61, 3600, 86399, 694861} do print(words(s)) end
--> nothing
--> 1 second
--> 1 minute, 1 second
--> 1 hour
--> 23 hours, 59 minutes, 59 seconds
--> 1 week, 1 day, 1 hour, 1 minute, 1 second
local function working_days(a, b) local n = 0; for k = a, b do local w = (k + 4) % 7; if w ~= 0 and w ~= 6 then n = n + 1 end end return n end
local unlucky = {}
for y = 2023, 2026 do local n = 0; for m = 1, 12 do if weekday(y, m, 13) == 6 then n = n + 1 end end unlucky[#unlucky + 1] = y .. ":" .. n end
print(working_days(day_number(2024, 1, 1), day_number(2024, 1, 31)), table.concat(unlucky, " ")) --> 23	2023:2 2024:2 2025:1 2026:3
-- Parsing and printing ISO dates with validation; sorting; time zones as offsets.
local function parse(s) local y, m, d, rest = s:match "^(%d%d%d%d)-(%d%d)-(%d%d)(.*)$"; if not y then return nil, "bad date" end y, m, d = tonumber(y), tonumber(m), tonumber(d); if m < 1 or m > 12 or d < 1 or d > days_in(y, m) then return nil, "out of range" end local t = day_number(y, m, d) * 86400; if rest ~= "" then local h, mi, sec, zone = rest:match "^T(%d%d):(%d%d):(%d%d)(.*)$"; if not h then return nil, "bad time" end t = t + h * 3600 + mi * 60 + sec; local sign, zh, zm = zone:match "^([+-])(%d%d):(%d%d)$"; if sign then t = t - (sign == "+" and 1 or -1) * (zh * 3600 + zm * 60) elseif zone ~= "Z" then return nil, "bad zone" end end return t | 0 end
for _, s in ipairs {"2024-02-29", "2023-02-29", "1970-01-01T00:00:00Z", "2001-09-09T03:46:40+02:00", "2001-09-08T20:46:40-05:00", "2024-13-01", "nonsense", "2024-01-01T10:00", "2024-01-01T10:00:00?"} do print(s, parse(s)) end
--> 2024-02-29	1709164800
--> 2023-02-29	nil	out of range
--> 1970-01-01T00:00:00Z	0
--> 2001-09-09T03:46:40+02:00	1000000000
--> 2001-09-08T20:46:40-05:00	1000000000
--> 2024-13-01	nil	out of range
--> nonsense	nil	bad date
--> 2024-01-01T10:00	nil	bad time
--> 2024-01-01T10:00:00?	nil	bad zone
