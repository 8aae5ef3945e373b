print(("aaab"):match("a*"), ("aaab"):match("a+"), ("aaab"):match("a-b"), ("aaab"):match("a?"), ("baaa"):match("a*"), ("baaa"):match("a+"), ("aaab"):match("a-"), ("aXb"):match("a.-b"), ("a\nb"):match("a.b") == "a\nb")
print(("[[x]]"):match("%[%[(.-)%]%]"), ("key = value"):match("^(%w+)%s*=%s*(%w+)$"))
print(("  trim  "):match("^%s*(.-)%s*$") .. "|")
print(("f(a(b)c)d"):match("%b()"), ("x"):match("%b()"), ("(("):match("%b()"), ("THE (quick) fox"):find("%((%a+)%)"))
