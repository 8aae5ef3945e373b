print(utf8.char(72, 228, 8364, 128512), utf8.char(), #utf8.char(0x7FFFFFFF), utf8.char(0) == "\0")
print(pcall(utf8.char, -1))
print(pcall(utf8.char, 0x80000000))
print(pcall(utf8.char, "x"))
print(utf8.charpattern == "[\0-\x7F\xC2-\xFD][\x80-\xBF]*") for c in ("aé€"):gmatch(utf8.charpattern) do io.write(#c, " ") end
print()
