for _, f in ipairs {"%", "%y", "%10", "%.", "%123d", "%.123d", "%0-+ #5d", "%lld", "%*d", "%5%", "%%", "%q5", "%-5q", "%5q", "%.3q", "%#s", "%+s", "%05s", "%.1c", "%#d", "%0c", "% x", "%+x", "%#i", "% 5.2s", "%F", "%n", "%p5"} do
    local ok, m = pcall(string.format, f, 65, 66)
    print(f, ok, m)
end
