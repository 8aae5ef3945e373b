print("\65\066\x41\u{41}\z
       next", "\a\b\f\v" == "\7\8\12\11", "a\
b", '\'', "\"", '\\n', "\u{7FFFFFFF}" == "\xFD\xBF\xBF\xBF\xBF\xBF", #"\u{10FFFF}", "\0651", "\x7a\x7A") print(#[[
x]], [==[a]]b]=]c]==], #"\z   
   ", [[a\n]], ("x"):rep(2) .. [[

y]])
