-- string.format with %e, %f, %g, %a: flags, precision, specials.
local f = string.format
local function err(...)
  local ok, message = pcall(f, ...)
  return ok and "ok" or (message:gsub("^[^:]+:%d+: ", ""))
end
print(f("%f %f %f", 1, -1.5, 1e10), f("%.0f %.1f %.2f %.10f", 2.5, 0.25, 1.005, 1 / 3))
--> 1.000000 -1.500000 10000000000.000000	2 0.2 1.00 0.3333333333
print(f("%.0f %.0f %.0f %.0f %.0f", 0.5, 1.5, 2.5, 3.5, -0.5), f("%.1f %.1f", 0.05, 0.15), f("%.2f", 2.675))
--> 0 2 2 4 -0	0.1 0.1	2.67
print(f("%e %e %e", 1, 12345.678, -1e-10), f("%.0e %.1e %.10e", 15, 0.00123, 1 / 3), f("%E", 1e300))
--> 1.000000e+00 1.234568e+04 -1.000000e-10	2e+01 1.2e-03 3.3333333333e-01	1.000000E+300
print(f("%g %g %g %g %g", 1, 1e5, 1e6, 1e-4, 1e-5), f("%.3g %.10g %.0g %.20g", 1234.5, 1 / 3, 1234, 0.1))
--> 1 100000 1e+06 0.0001 1e-05	1.23e+03 0.3333333333 1e+03 0.10000000000000000555
print(f("%#g %#.3g %#.0f %#.0e %#x", 1, 1, 1, 1, 1), f("%G %G", 1e-10, 1e20)) --> 1.00000 1.00 1. 1.e+00 0x1	1E-10 1E+20
print(f("[%10.3f] [%-10.3f] [%010.3f] [%+10.3f] [% 10.3f] [%-+10.3f]", 3.14159, 3.14159, -3.14159, 3.14159, 3.14159, 3.14159))
--> [     3.142] [3.142     ] [-00003.142] [    +3.142] [     3.142] [+3.142    ]
print(f("[%12.4e] [%-12.4e] [%012.4e] [%+.2e] [% .2e]", 12345.678, 12345.678, -12345.678, 1, 1))
--> [  1.2346e+04] [1.2346e+04  ] [-01.2346e+04] [+1.00e+00] [ 1.00e+00]
print(f("[%8g] [%-8g] [%08g] [%+g] [% g]", 0.5, 0.5, -0.5, 0.5, 0.5)) --> [     0.5] [0.5     ] [-00000.5] [+0.5] [ 0.5]
print(f("%f %e %g %.1f %5.1f|", math.huge, -math.huge, math.huge, -math.huge, math.huge), f("%+f %010f|%-6f|", math.huge, math.huge, math.huge))
--> inf -inf inf -inf   inf|	+inf        inf|inf   |
print(f("%f %g %e %.3f %+g", -0.0, -0.0, -0.0, -0.0001, -0.0), f("%5.2f%%", 99.5)) --> -0.000000 -0 -0.000000e+00 -0.000 -0	99.50%
print(f("%a %a %a %a %a", 0, 1, -1, 0.5, 255.5), f("%a %a", 2^-1022, 1.7976931348623157e308), f("%A", 0xABCDEF))
--> 0x0p+0 0x1p+0 -0x1p+0 0x1p-1 0x1.ffp+7	0x1p-1022 0x1.fffffffffffffp+1023	0X1.579BDEP+23
print(f("%.3a %.0a %.1a %20a %-20a| %+a", 1 / 3, 1.25, 1.99, 1.5, 1.5, 2), f("%a %a", math.huge, -math.huge))
--> 0x1.555p-2 0x1p+0 0x2.0p+0             0x1.8p+0 0x1.8p+0            | +0x1p+1	inf -inf
print(f("%f", 3), f("%f", "3"), f("%g", "0x10"), f("%.1f", "1e1"), f("%.14g", 2^53), f("%.17g", 2^63), f("%.16g", 0.1))
--> 3.000000	3.000000	16	10.0	9.007199254741e+15	9.2233720368547758e+18	0.1
print(f("%.50f", 0.1), f("%.30g", 2^100), f("%.25e", 1 / 3))
--> 0.10000000000000000555111512312578270211815834045410	1.26765060022822940149670320538e+30	3.3333333333333331482961626e-01
print(f("%.99f", 1 / 3):len(), #f("%f", 1e308), f("%.3f", 1e22), f("%f", 123456789012345678))
--> 101	316	10000000000000000000000.000	123456789012345680.000000
print(f("%10.4f|%-10.2e|%+8.3g|", 2 / 3, 2 / 3, 2 / 3), f("%.3f %.3f", 0.0005, 0.0015), f("%.15g %.16g %.17g", 0.3, 0.3, 0.3))
-->     0.6667|6.67e-01  |  +0.667|	0.001 0.002	0.3 0.3 0.29999999999999999
print(err("%f", "x"), err("%f", nil), err("%f", {}), err("%f"), err("%g", true), err("%.100f", 1))
--> bad argument #2 to 'string.format' (number expected, got string)	bad argument #2 to 'string.format' (number expected, got nil)	bad argument #2 to 'string.format' (number expected, got table)	bad argument #2 to 'string.format' (no value)	bad argument #2 to 'string.format' (number expected, got boolean)	invalid conversion specification: '%.100f'
print(err("%100f", 1), err("%#f", 1), err("%F", 1), err("%+-0 #5.3f", 1), err("%++++++++++f", 1), err("%.f", 1), f("%.f", 2.7))
--> invalid conversion specification: '%100f'	ok	invalid conversion '%F' to 'format'	ok	ok	ok	3
-- Rounding is exact: halves go to even, everything else by the true binary value.
for i = 0, 20 do
  local x = i + 0.5
  assert(tonumber(f("%.0f", x)) == (i % 2 == 0 and i or i + 1))
end
for i = 1, 50 do
  local x = i / 7
  assert(math.abs(tonumber(f("%.6f", x)) - x) <= 0.5e-6 and tonumber(f("%.17g", x)) == x and tonumber(f("%.16e", x)) == x)
end
