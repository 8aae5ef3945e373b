for _, f in ipairs {"%e", "%.0e", "%E", "%#.0e", "%f", "%.0f", "%.10f", "%012.3f", "%-12.3f|", "% f", "%.3E"} do
    print(f, string.format(f, 0.5), string.format(f, 1.5), string.format(f, 2.5), string.format(f, 12345.678), string.format(f, -1e-7))
end
print(string.format("%.99f", 1/3))
print(string.format("%.20f", 0.1))
print(string.format("%f", 1e300))
print(string.format("%f %e", 1/0, -1/0), string.format("%10f|%-10f|%010f", 1/0, 1/0, 1/0))
