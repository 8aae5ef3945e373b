for _, p in ipairs {{5, 3}, {-5, 3}, {5, -3}, {-5, -3}, {5.5, 3}, {-5.5, 3}, {0, -3}, {0.0, -3}} do local a, b = p[1], p[2] print(a, b, a % b, a // b, math.fmod(a, b)) end
