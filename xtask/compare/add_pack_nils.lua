local p = table.pack(nil, nil) print(p.n, #p, p[1]) local q = table.pack((function() end)()) print(q.n) print(table.pack(1, 2, 3).n, table.unpack(table.pack(1, nil, 3), 1, 3))
