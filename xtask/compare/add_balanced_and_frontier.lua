print(("f(a(b)c)(d)"):match("%b()", 3), ("<<a>>"):match("%b<>"), ("THE END"):gsub("%f[%w]%w+", "w"), ("x1y2"):gsub("%f[%d]", "_"), ("end"):find("%f[%W]"))
