-- package.searchers: own searchers, their order, loader data, messages, non-string results.
local function err(fn, ...) return (select(2, pcall(fn, ...)):gsub("^[^:]+:%d+: ", "")) end
print(#package.searchers, type(package.searchers[1]), type(package.searchpath), type(package.loadlib), type(package.config))
--> 4	function	function	function	string
local asked = {}
table.insert(package.searchers, 1, function(name)
  asked[#asked + 1] = name
  if name:match "^virtual%." then return function(n, extra, ...) return {module = n, extra = extra, count = select("#", ...)} end, "data of " .. name end
  if name == "explains" then return "\n\tvirtual searcher knows no such module" end
  if name == "nothing" then return nil end
  if name == "odd" then return 42 end
end)
local m, data = require "virtual.one"
print(m.module, m.extra, m.count, data) --> virtual.one	data of virtual.one	0	data of virtual.one
print(select(2, require "virtual.one"), #asked) --> nil	1
print(err(require, "explains"):find("virtual searcher knows no such module", 1, true) ~= nil, err(require, "nothing"):find "^module 'nothing' not found:" ~= nil, err(require, "odd"):find("42", 1, true) ~= nil)
--> true	true	true
-- A searcher without data: the second result is nil.
package.searchers[1] = function(name) if name == "bare" then return function(...) return select("#", ...) end end end
print(require "bare") --> 2	nil
-- A searcher that raises.
package.searchers[1] = function() error("searcher failed", 0) end
print(err(require, "anything.at.all")) --> searcher failed
table.remove(package.searchers, 1)
-- The searcher of preload, called directly.
package.preload.direct = function() return "d" end
local loader, where = package.searchers[1]("direct")
print(loader == package.preload.direct, where); print((package.searchers[1]("absent"):gsub("\n\t", "")))
--> true	:preload:
--> no field package.preload['absent']
-- The searcher of Lua files with a path of our own.
local name = os.tmpname()
local f = assert(io.open(name, "w"))
f:write("local name, path = ...\nreturn {name = name, path = path, n = select('#', ...), global = module_global}")
f:close()
local saved = package.path
package.path = name
module_global = "seen"
local from_file, file_name = require "corpus_file_module"
print(from_file.name, from_file.path == name, from_file.n, file_name == name, from_file.global)
--> corpus_file_module	true	2	true	seen
module_global = nil
f = assert(io.open(name, "w")); f:write("syntax error here"); f:close()
print(err(require, "corpus_broken"):gsub(name:gsub("%p", "%%%0"), "FILE"):gsub("\n\t", "|"))
--> error loading module 'corpus_broken' from file 'FILE':|FILE:1: syntax error near 'error'	1
f = assert(io.open(name, "w")); f:write("error('while loading', 0)"); f:close()
print(err(require, "corpus_raises"), package.loaded.corpus_raises) --> while loading	nil
f = assert(io.open(name, "w")); f:write("return ..."); f:close()
print((require "corpus_args"), select(2, require "corpus_args") == nil); package.path = saved --> corpus_args	true
os.remove(name)
-- searchpath: templates, separators, what was tried.
print(package.searchpath("a.b", "./?.none;/?/x.none")); print(package.searchpath("a-b", "?;?-?", "-", "+")); print(package.searchpath("a.b", "./?.none", "", "!")); print(package.searchpath("x", "")); print(select("#", package.searchpath("x", "?.none")))
--> nil	no file './a/b.none'
--> 	no file '/a/b/x.none'
--> nil	no file 'a+b'
--> 	no file 'a+b-a+b'
--> nil	no file './a.b.none'
--> nil	no file ''
--> 2
f = assert(io.open(name, "w")); f:close()
print(package.searchpath(name, "nothing;?", "") == name, package.searchpath("whatever", name) == name, package.searchpath("x", "none;" .. name) == name)
--> true	true	true
os.remove(name)
print(err(package.searchpath, "x")); print(err(package.searchpath)); print(err(package.searchpath, {}, "x"))
--> bad argument #2 to 'package.searchpath' (string expected, got no value)
--> bad argument #2 to 'package.searchpath' (string expected, got no value)
--> bad argument #1 to 'package.searchpath' (string expected, got table)
local config = {}
for line in package.config:gmatch "[^\n]+" do config[#config + 1] = line end
print(table.concat(config, " ")) --> / ; ? ! -
print(package.loadlib("/nonexistent/library.so", "f") == nil, select("#", package.loadlib("/nonexistent/library.so", "*")), type(select(3, package.loadlib("/nonexistent/library.so", "*"))))
--> true	3	string
print(type(package.path), type(package.cpath), package.path:find("?", 1, true) ~= nil) --> string	string	true
