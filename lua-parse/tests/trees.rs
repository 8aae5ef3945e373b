//! Sources to trees, against snapshots.

fn check(name: &str, source: &str) {
    let tree = match lua_parse::parse(source.as_bytes(), b"=x") {
        Ok(ast) => lua_parse::print(&ast),
        Err(error) => error.to_string(),
    };
    insta::with_settings!({ description => source, omit_expression => true }, {
        insta::assert_snapshot!(name, tree);
    });
}

#[test]
fn expressions() {
    check(
        "priorities",
        "return a or b and c < d | e ~ f & g << h .. i + j * -k ^ l,
        -x^2, 2^-3^2, not a == b, #t[1] + 1, a .. b .. c, a - b - c, a < b == c, -a.b, - - -a,
        a // b % c / d, ~a ~ b, not not nil, 1 << 2 >> 3, a and b and c or d or e, (a or b) and c",
    );
    check("literals", "return nil, true, false, 1, 0x10, 1.5, 1e100, 'single', \"dou\\0ble\", [[long]], ..., {}, function() end");
    check(
        "suffixes",
        "f() f{1} f'text' f[[long]] a.b.c() a[1][2](3) a:b() a:b{} a:b'c':d(e, f) ('x'):rep(3) (f)() a.b['c'].d = 1
        return (f()), (...), ((a)), f(...)",
    );
    check("tables", "return {}, {1}, {1,}, {1; 2, 3}, {a = 1, ['b'] = 2, [3] = 4, 5; f()}, {a}, {a == b}, {{}, {{}}}, {f = f, ...}");
}

#[test]
fn statements() {
    check("assignments", "a = 1 a, b = b, a a.b, c[1], d = 1, f() local x, y x, y = y, x local z = z");
    check(
        "conditions",
        "if a then b() end if a then elseif b then c() else d() end
        if a then if b then c() end elseif d then local e = e else end",
    );
    check(
        "loops",
        "while a do b() break end repeat local a = f() if a then break end until a
        for i = 1, 10 do print(i) end for i = a, b, c do for j = i, 1, -1 do break end break end
        for k, v in pairs(t) do t[k] = v end for line in io.lines() do end do local i = i end",
    );
    check(
        "functions",
        "function f() end function a.b.c(x, ...) return x, ... end function a.b:c(x) return self, x end
        local function f(n) return f(n - 1) end local f = function(...) return f end return;",
    );
    check("attributes", "local a <const>, b <close>, c = 1, nil do local d <const> = a end");
}

#[test]
fn scopes() {
    check(
        "shadowing",
        "local a = 1 do local a = a local a = a end a = a
        local function f(a) a = a return function() return a, f end end
        for a = a, a do a() end repeat local a = a until a",
    );
    check(
        "upvalues",
        "local a, b, c
        function f() return function() return function() return b, print end, a end end
        function g() local a = a; c = function() a = b; b = a end end",
    );
    check(
        "environments",
        "x = 1 local _ENV <const> = {} x = 2 function f() x = 3 local _ENV; x = 4 end
        function g(_ENV) return function() return y end end do local _ENV; z = 1 end z = 2 f() do local _ENV = f _ENV = 1 end",
    );
    check("recursion", "local function f() return f end local g = function() return g end function h() return h end");
}

#[test]
fn jumps() {
    check("goto", "::a:: do goto a goto b end ::b:: ::c:: do ::d:: goto d goto c end goto c");
    check("labels_at_the_end", "do local x goto e; local y; ::e:: ; ::f:: end do local x ::g:: f() goto g end");
    check("continue", "for i = 1, 2 do local a if a then goto continue end local b ::continue:: end");
    check("repeat", "local a repeat local b goto continue ::continue:: if b then break end until b");
    check("same_labels", "do ::l:: goto l end do ::l:: goto l end function f() ::l:: goto l end while x do break while y do break end end");
}

/// What is not in the printed tree: lines, spans, and what locals promise.
#[test]
fn lines_and_spans() {
    let source = "local a = b\n  .c\n  (1,\n 2)\n + d\nfunction f\n(\n)\nend\nlocal g = function\n(\n) end\nfor i =\n1, 2\ndo end";
    let ast = lua_parse::parse(source.as_bytes(), b"=x").unwrap();
    let text = |start: u32, end: u32| &source[start as usize..end as usize];
    // The shared `_ENV` of globals has no place of its own.
    let exprs: Vec<_> = ast
        .exprs
        .iter()
        .zip(&ast.spans)
        .filter(|(_, span)| span.start < span.end)
        .map(|(expr, span)| (text(span.start, span.end), expr.line))
        .collect();
    assert_eq!(
        exprs,
        [
            ("b", 1),
            ("b\n  .c", 2),
            ("1", 3),
            ("2", 4),
            ("b\n  .c\n  (1,\n 2)", 3),
            ("d", 5),
            ("b\n  .c\n  (1,\n 2)\n + d", 5),
            ("f", 6),
            ("function\n(\n) end", 12),
            ("1", 14),
            ("2", 14),
        ]
    );
    let lines: Vec<_> = ast.functions.iter().map(|function| (function.line, function.end_line)).collect();
    assert_eq!(lines, [(0, 15), (6, 9), (11, 12)]);
    let lines: Vec<_> = ast.stats.iter().map(|stat| (stat.line, stat.end_line)).collect();
    assert_eq!(lines, [(1, 5), (6, 9), (10, 12), (13, 15)]);
}

/// Which locals are captured, assigned or literal.
#[test]
fn what_locals_promise() {
    let source = b"local a, b, c, d, e <const> = 1, 2, 3, 4, 5
        a = 1; function b() end; for i = 1, 2 do i = c end; local function f() return d, e, f end
        local g <const> = -1.5 local h <const> = -0.0 local i <const>, j <const> = 1, 'x' local k <const> = (j)
        local l <const> = f() local m <const> = 1, 2 local n <const> = nil local function o() n = 1 end";
    let error = lua_parse::parse(source, b"=x").unwrap_err();
    assert_eq!(error.to_string(), "x:4: attempt to assign to const variable 'n'");
    let source = &source[..source.len() - b"n = 1 end".len()];
    let ast = lua_parse::parse(&[source, b"return n, m end"].concat(), b"=x").unwrap();
    let named = |promise: fn(&lua_parse::ast::Local) -> bool| {
        let names = ast.locals.iter().filter(|local| promise(local)).map(|local| ast.str(local.name));
        String::from_utf8(names.collect::<Vec<_>>().join(&b' ')).unwrap()
    };
    assert_eq!(named(|local| local.assigned), "a b i");
    assert_eq!(named(|local| local.literal), "e g j k n");
    assert_eq!(named(|local| local.captured), "d f m");
}
