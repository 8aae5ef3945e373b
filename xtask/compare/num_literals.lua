print(0xA, 0Xa.8, 0x.1p4, 0x1P-2, 1e2, 1E2, .5e1, 5.e-1, 3., 0x1.8, 0xffffffffffffffff, 0x1e2, 1e+2, 08, 1//1)
print(1e308 * 10 == math.huge, 1e-400, 9007199254740993, 9007199254740993.0, 123456789012345678901234567890, 0x123456789abcdef01)
for _, s in ipairs {"3x", "0x", "0xg", "1e", "1e+", "1.2.3", "0x1p", "1..2", "0x1.p", "3in", "1_000", "08x", ".e1", "1e5.5", "0xep1"} do local f, m = load("return " .. s) print(s, m or f()) end
