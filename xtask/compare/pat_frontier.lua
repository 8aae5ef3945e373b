print(("THE (quick) fox"):gsub("%f[%a]%a+", "W"))
print(("hello world"):gsub("%f[%w]%w", string.upper))
print(("x"):find("%f[%z]"), ("x"):find("%f[\0]"), ("[[a]]"):gsub("%f[%]]", "!"))
print(("aXb"):match("%f[%u]%u%f[%l]"), ("  a"):find("%f[%S]"))
