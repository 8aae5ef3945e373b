-- Equality and order between types; what cannot be compared.
local function err(f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok)
  return (message:gsub("^[^:]+:%d+: ", ""))
end
local function lt(a, b) return a < b end
local function le(a, b) return a <= b end
print(1 == 1.0, "1" == 1, 0 == -0.0, 0 == false, nil == false, "" == nil) --> true	false	true	false	false	false
local nan = 0 / 0
print(nan == nan, nan ~= nan, nan < nan, nan <= nan, nan > 1, 1 >= nan) --> false	true	false	false	false	false
local t, u = {}, {}
print(t == t, t == u, print == print, t ~= u) --> true	false	true	true
print("a" < "b", "a" < "B", "Z" < "a", "" < "a", "a" < "aa", "a\0b" < "a\0c", "a\0" > "a") --> true	false	true	true	true	true	true
print("10" < "9", "abc" <= "abc", "abc" >= "abd", "\xff" > "a") --> true	true	false	true
print(1 < 1.5, 2 > 1.5, -1 < -0.5, 1 <= 1.0, 2^53 == 2^53 | 0) --> true	true	true	true	true
print(err(lt, 1, "2")) --> attempt to compare number with string
print(err(lt, "1", 2)) --> attempt to compare string with number
print(err(lt, nil, 1)) --> attempt to compare nil with number
print(err(lt, {}, {})) --> attempt to compare two table values
print(err(lt, {}, 1)) --> attempt to compare table with number
print(err(le, true, false)) --> attempt to compare two boolean values
print(err(le, print, print)) --> attempt to compare two function values
print(err(le, nil, nil)) --> attempt to compare two nil values
print(err(lt, 1, nil)) --> attempt to compare number with nil
print(err(le, {}, "x")) --> attempt to compare table with string
print(err(function() return 1 > {} end)) --> attempt to compare table with number
print(err(function() return "x" >= 1 end)) --> attempt to compare number with string
print(err(function() return nil > 1 end)) --> attempt to compare number with nil
local co = coroutine.create(print)
print(err(lt, co, co), err(le, io.stdout, io.stdout)) --> attempt to compare two thread values	attempt to compare two FILE* values
-- Names given by __name show in the message.
local P = setmetatable({}, {__name = "Point"})
local Q = setmetatable({}, {__name = "Quad"})
print(err(lt, P, Q)) --> attempt to compare Point with Quad
print(err(lt, P, P)) --> attempt to compare two Point values
print(err(lt, P, 1)) --> attempt to compare Point with number
print(err(lt, setmetatable({}, {__name = 12}), {})) --> attempt to compare two table values
-- Long strings with equal content are equal, as keys too.
local long1, long2 = ("x"):rep(100), ("x"):rep(50) .. ("x"):rep(50)
print(long1 == long2, ({[long1] = "found"})[long2]) --> true	found
