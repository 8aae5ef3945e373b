print(("%5d|%-5d|%05d|%+d|%x|%X|%o|%c|%s|%q|%%|%5.2f|%e|%g|%i"):format(42, 42, 42, 42, 255, 255, 8, 65, "s", "q\n", 3.14159, 12345.678, 0.0001, 7))
print(pcall(string.format, "%d %d", 1))
print(string.format("%s", nil), string.format("%10s|", true), string.format("%.3s|", "abcdef"), string.format("%-10.3s|", "abcdef"))
print(string.format("%5s%%", 50), string.format("%s %s", 1, 2.0), string.format("%d", "0x10"))
