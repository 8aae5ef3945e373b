local a = 1 --[[ c1 ]] + --[==[ c2
]==] 2 -- end
print(a) --[[]]
print(2)
--[=[ x ]] ]=] print(3)
---[==[
print(4)
--]==]
print(5 --[[in args]], 6)
