for _, s in ipairs {"10", "  10  ", "0x10", "0X1p4", "0x.8", "0x8.", "1e1", "1E+1", ".5", "5.", "", " ", "0x", "1e", "1e+", "1 2", "1_0", "10a", "infinity", "nan", "inf", "0x1g", "- 1", "-0x10", "+5", "--5", "1..2", "0b1", "1e400", "0x7fffffffffffffff", "0xffffffffffffffff", "0x1ffffffffffffffff", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "\t12\n", "12\0", "1e-400"} do
    local n = tonumber(s)
    print(("%q"):format(s), n, math.type(n))
end
