-- Script arguments arrive in arg and in the vararg of the chunk.
--! args first -x 3 last
print(select("#", ...), ...) --> 4	first	-x	3	last
print(#arg, arg[1], arg[2], arg[3], arg[4], arg[5]) --> 4	first	-x	3	last	nil
print(type(arg[0]), arg[0]:match("load_script_args"), type(arg[-1])) --> string	load_script_args	string
local a, b = ...
print(a, b, math.type(arg[3]), arg[3] + 1) --> first	-x	nil	4
