-- require: loaders, loader data, cached values, preload, errors, replaced tables.
local function err(fn, ...) return (select(2, pcall(fn, ...)):gsub("^[^:]+:%d+: ", "")) end
package.preload["m.first"] = function(...) print("loading", ...); return {name = "first"} end
local first, data = require "m.first" --> loading	m.first	:preload:
print(first.name, data, require "m.first" == first, select("#", require "m.first")) --> first	:preload:	true	1
print(package.loaded["m.first"] == first) --> true
-- What the loader returns, and what is stored when it returns nothing.
package.preload.none = function() end
print(require "none"); print(package.loaded.none)
--> true	:preload:
--> true
package.preload.falsy = function() return false end
print(require "falsy"); print(package.loaded.falsy); print(require "falsy")
--> false	:preload:
--> false
--> false	:preload:
package.preload.sets = function(name) package.loaded[name] = "set by the loader" end
print(require "sets"); package.preload.both = function(name) package.loaded[name] = "overwritten"; return "returned" end
--> set by the loader	:preload:
print(require "both") --> returned	:preload:
package.preload.several = function() return "only", "the first" end
print(require "several") --> only	:preload:
-- A loader that fails leaves nothing behind.
local attempts = 0
package.preload.failing = function() attempts = attempts + 1; if attempts < 3 then error("not yet", 0) end return "at last" end
print(err(require, "failing"), package.loaded.failing); print(err(require, "failing")); print(require "failing"); print(require "failing", attempts)
--> not yet	nil
--> not yet
--> at last	:preload:
--> at last	3
-- Cycles: the second require finds nothing stored yet and loads again, unless the module stores itself.
package.preload["cycle.a"] = function(name) package.loaded[name] = {partial = true}; local b = require "cycle.b"; return {b = b} end
package.preload["cycle.b"] = function() return {saw = require "cycle.a".partial} end
print(require "cycle.a".b.saw) --> true
-- Modules that were removed are loaded again.
package.loaded["m.first"] = nil
print(require "m.first" == first)
--> loading	m.first	:preload:
--> false
-- Standard libraries are in package.loaded.
local names = {}
for name in pairs(package.loaded) do if _G[name] == package.loaded[name] and name ~= "_G" then names[#names + 1] = name end end
table.sort(names)
print(table.concat(names, " "), package.loaded._G == _G, require "string" == string)
--> coroutine debug io math os package string table utf8	true	true
-- Not found: the message lists what was tried.
local saved_path, saved_cpath = package.path, package.cpath
package.path, package.cpath = "./?.none;./?/init.none", "./?.nothing"
print(err(require, "surely.missing"):gsub("\n", "|"):gsub("\t", ""))
--> module 'surely.missing' not found:|no field package.preload['surely.missing']|no file './surely/missing.none'|no file './surely/missing/init.none'|no file './surely/missing.nothing'|no file './surely.nothing'	5
package.path, package.cpath = saved_path, saved_cpath
package.path = nil
print(err(require, "x")); package.path = 5; print(err(require, "surely.missing"):match("^module 'surely.missing' not found:") ); package.path = saved_path
--> 'package.path' must be a string
--> module 'surely.missing' not found:
local searchers = package.searchers
package.searchers = nil; print(err(require, "x")); package.searchers = {}; print(err(require, "x"):gsub("\n", "|")); package.searchers = searchers
--> 'package.searchers' must be a table
--> module 'x' not found:	0
print(err(require), err(require, {}), err(require, "a" .. ("b"):rep(20)):match("^module 'ab+' not found"))
--> bad argument #1 to 'require' (string expected, got no value)	bad argument #1 to 'require' (string expected, got table)	module 'abbbbbbbbbbbbbbbbbbbb' not found
-- Replacing package.preload and package.loaded variables does not change where require looks.
local preload = package.preload
package.preload = {}
preload["still.used"] = function() return "registry table" end
print(require "still.used") --> registry table	:preload:
package.preload = preload
local loaded = package.loaded
package.loaded = {string = "other"}
print(require "string" == string) --> true
package.loaded = loaded
