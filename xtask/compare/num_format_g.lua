for _, f in ipairs {"%g", "%.3g", "%.0g", "%#g", "%10.2g|", "%-10g|", "%+g", "%G", "%.17g", "%.99g"} do
    print(f, string.format(f, 0.1), string.format(f, 1e20), string.format(f, 100000), string.format(f, 1e-10), string.format(f, -0.0))
end
print(string.format("%g %g %G", 1/0, -1/0, 1/0), string.format("%5.1f|%-8.2f|%+.0f|%#.0f", 3.14159, 2.5, 2.5, 2.0))
