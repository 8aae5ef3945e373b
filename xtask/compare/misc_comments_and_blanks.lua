--[==[ long
]] ]==] print(1) --[[x]] print(2) --[=[
]=] print(3) ---[[ not long
print(4) --]]
print --[[inside]] (5) ; ;; print(6);
