-- os.time: normalisation of fields, round trips through local time, differences, errors.
local function err(fn, ...) return (select(2, pcall(fn, ...)):gsub("^[^:]+:%d+: ", "")) end
local function fields(t) return ("%d-%d-%d %d:%d:%d w%d y%d"):format(t.year, t.month, t.day, t.hour, t.min, t.sec, t.wday, t.yday) end
-- All tests use local noon in January or differences, so that any time zone gives the same.
local function at(y, m, d, h, mi, s) return os.time {year = y, month = m, day = d, hour = h, min = mi, sec = s, isdst = false} end
print(at(2001, 1, 2) - at(2001, 1, 1), at(2001, 1, 1, 12, 0, 1) - at(2001, 1, 1), at(2001, 1, 1, 13) - at(2001, 1, 1, 12))
--> 86400	1	3600
print(os.time {year = 2005, month = 1, day = 1, hour = 1, isdst = false} - os.time {year = 2005, month = 1, day = 1, hour = 0, isdst = false})
--> 3600
local t = {year = 2005, month = 1, day = 1, hour = 1, min = 0, sec = -3602, isdst = false}
local v = os.time(t); print(fields(t), math.type(v)) --> 2004-12-31 23:59:58 w6 y366	integer
t = {year = 2024, month = 14, day = 32, hour = 25, min = 61, sec = 61, isdst = false}; os.time(t); print(fields(t))
--> 2025-3-5 2:2:1 w4 y64
t = {year = 2024, month = 1, day = 0, isdst = false}; os.time(t); print(fields(t)) --> 2023-12-31 12:0:0 w1 y365
t = {year = 2024, month = 3, day = 0, isdst = false}; os.time(t); print(fields(t)) --> 2024-2-29 12:0:0 w5 y60
t = {year = 2023, month = 3, day = 0, isdst = false}; os.time(t); print(fields(t)) --> 2023-2-28 12:0:0 w3 y59
t = {year = 2023, month = -10, day = 1, isdst = false}; os.time(t); print(fields(t)) --> 2022-2-1 12:0:0 w3 y32
t = {year = "2000", month = "01", day = "2.0", hour = "3", isdst = false}; os.time(t); print(fields(t)) --> 2000-1-2 3:0:0 w1 y2
t = {year = 2000, month = 1, day = 400, hour = 0, isdst = false}; os.time(t); print(t.year, t.month, t.day, t.yday) --> 2001	2	3	34
t = {year = 2000.0, month = 2, day = 30, hour = 12, isdst = false}; os.time(t); print(t.year, t.month, t.day, math.type(t.year))
--> 2000	3	1	integer
-- Round trip of a table and of a number.
local now = os.time()
print(os.time(os.date("*t", now)) == now, os.time(os.date("*t", 1e9 | 0)) == 1e9, os.time(os.date("*t", 86400 * 365)) == 86400 * 365)
--> true	true	true
for _, n in ipairs {1e8 | 0, 5e8 | 0, 1234567890, 1700000000} do
  local d = os.date("*t", n)
  assert(os.time(d) == n and d.isdst ~= nil)
  d.sec = d.sec + 86400 * 30
  assert(os.time {year = d.year, month = d.month, day = d.day, hour = d.hour, min = d.min, sec = d.sec - 86400 * 30, isdst = d.isdst} == n)
end
-- UTC against local: the same instant has the same minutes and seconds in whole-hour zones; always after os.time.
local offset = os.time(os.date("!*t", 1e9 | 0)) - 1e9
print(offset % 900 == 0, os.difftime(at(2000, 1, 2), at(2000, 1, 1)), math.type(os.difftime(1, 0))) --> true	86400.0	float
print(err(os.time, {})); print(err(os.time, {year = 2000})); print(err(os.time, {year = 2000, month = 1})); print(err(os.time, {year = 2000, month = 1, day = "x"})); print(err(os.time, {year = 2000, month = 1, day = 1, hour = 1.5}))
--> field 'year' missing in date table
--> field 'month' missing in date table
--> field 'day' missing in date table
--> field 'day' is not an integer
--> field 'hour' is not an integer
print(err(os.time, {year = 1 << 40, month = 1, day = 1})); print(err(os.time, {year = 2000, month = 1 << 40, day = 1})); print(err(os.time, {year = -(1 << 40), month = 1, day = 1})); print(err(os.time, 5)); print(err(os.time, {year = 2000, month = {}, day = 1})); print(err(os.time, "x"))
--> field 'year' is out-of-bound
--> field 'month' is out-of-bound
--> field 'year' is out-of-bound
--> bad argument #1 to 'os.time' (table expected, got number)
--> field 'month' is not an integer
--> bad argument #1 to 'os.time' (table expected, got string)
print(err(os.time, setmetatable({}, {__index = function(_, k) return k == "year" and 2000 or nil end})), os.time(setmetatable({}, {__index = {year = 2000, month = 1, day = 1, hour = 12, isdst = false}})) == at(2000, 1, 1, 12))
--> field 'month' missing in date table	true
