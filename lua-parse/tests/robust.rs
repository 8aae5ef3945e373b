//! Limits, deep nesting, long chains, and random damage: an error or a tree, never anything else,
//! on a small native stack.

use lua_lex::{Kind, Lexer};
use lua_parse::ast::{Ast, ExprKind, StatKind};
use lua_parse::{parse, print};

/// Runs a test on a thread with 256 KB of stack.
fn on_small_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(256 * 1024).spawn(test).unwrap();
    thread.join().unwrap();
}

fn check(source: &str, message: &str) {
    let actual = parse(source.as_bytes(), b"=x").err().map(|error| error.to_string()).unwrap_or_default();
    assert_eq!(actual, message, "for {}...", &source[..source.len().min(60)]);
}

#[test]
fn nesting_is_limited() {
    on_small_stack(|| {
        let nested: [(&str, &str, &str, usize); 12] = [
            ("x = ", "(", "1", 195),
            ("", "(", "1", 196),
            ("x = ", "{", "1", 195),
            ("x = ", "- ", "1", 195),
            ("x = ", "not ", "1", 195),
            ("x = ", "a .. ", "1", 195),
            ("x = ", "a ^ ", "1", 195),
            ("", "x, ", "x = 1", 195),
            ("", "do ", "", 197),
            ("", "while x do ", "", 196),
            ("", "repeat ", "", 197),
            ("x = ", "function() return ", "1", 97),
        ];
        for (before, open, inner, levels) in nested {
            let source = |levels: usize| format!("{before}{}{inner}", open.repeat(levels));
            let fits = parse(source(levels).as_bytes(), b"=x").err().map(|error| error.to_string());
            assert_ne!(fits.as_deref(), Some("C stack overflow"), "{levels} times {open}");
            check(&source(levels + 1), "C stack overflow");
            check(&source(100_000), "C stack overflow");
        }
        check(&format!("x = {}1{}", "(".repeat(195), ")".repeat(195)), "");
        check(&format!("x = {}1{}", "f(".repeat(195), ")".repeat(195)), "");
        check(&format!("x = {}1{}", "a[".repeat(195), "]".repeat(195)), "");
        check(&format!("{}{}", "if a then ".repeat(196), "end ".repeat(196)), "");
        check(&format!("{}{}", "for i = 1, 2 do ".repeat(49), "end ".repeat(49)), "");
        check(&format!("{}{}", "for i in f do ".repeat(39), "end ".repeat(39)), "");
        check(&format!("x = {}1{}", "function() return ".repeat(97), " end".repeat(97)), "");
    });
}

#[test]
fn what_only_repeats_does_not_nest() {
    on_small_stack(|| {
        const COUNT: usize = 100_000;
        for source in [
            format!("x = a{}", " + a".repeat(COUNT)),
            format!("x = a{}", " and a or a".repeat(COUNT)),
            format!("x = a{}", ".b".repeat(COUNT)),
            format!("x = a{}", "[1]".repeat(COUNT)),
            format!("f{}", "()".repeat(COUNT)),
            format!("a{}", ":b()".repeat(COUNT)),
            format!("if a then{} end", " elseif a then".repeat(COUNT)),
            format!("x = {{{}}}", "1,".repeat(COUNT)),
            format!("x = {{{}}}", "{},".repeat(COUNT)),
            format!("f({}1)", "1,".repeat(COUNT)),
            format!("return 1{}", ", 1".repeat(COUNT)),
            format!("function a{}() end", ".b".repeat(COUNT)),
            ";".repeat(COUNT),
            (0..30_000).map(|label| format!("::l{label}::")).collect(),
            "do end ".repeat(COUNT),
            "function f() end ".repeat(COUNT),
            "f() ".repeat(COUNT),
            "--[[]]".repeat(COUNT),
            "do local a; local function f() return a end end ".repeat(COUNT / 10),
        ] {
            let ast = parse(source.as_bytes(), b"=x").unwrap();
            assert!(print(&ast).len() > ast.stats.len());
        }
    });
}

#[test]
fn locals_and_upvalues_are_limited() {
    let too_many = "too many local variables (limit is 200) in";
    check(&"local a ".repeat(200), "");
    check(&"local a\n".repeat(201), &format!("x:202: {too_many} main function near <eof>"));
    check(&("local a ".repeat(200) + "local b = 1"), &format!("x:1: {too_many} main function near '='"));
    check(&format!("\nfunction f({}b) end", "a, ".repeat(200)), &format!("x:2: {too_many} function at line 2 near ')'"));
    check(&("local a ".repeat(197) + "for i = 1, 2 do end"), &format!("x:1: {too_many} main function near '='"));
    check(&("local a ".repeat(196) + "for i = 1, 2 do end"), "");
    check(&("local a ".repeat(195) + "for i in f do end local a, b, c, d, e"), "");
    check(&("local a ".repeat(195) + "for i, j in f do end"), &format!("x:1: {too_many} main function near 'in'"));
    check(&("local a ".repeat(200) + "function f() local a end"), "");
    check(&("do local a end ".repeat(1000)), "");

    let upvalues = |count: usize, attrib: &str, end: &str| {
        let names = |from: usize, to: usize| (from..to).map(|i| format!("local v{i}{attrib} = {i}\n")).collect::<String>();
        let uses: String = (0..count).map(|i| format!("v{i},")).collect();
        let (first, second) = (names(0, 150), names(150, count));
        format!("{first}local function f()\n{second}return function() return {uses}{end} end end")
    };
    check(&upvalues(255, "", "1"), "");
    check(&upvalues(254, "", "print"), "");
    check(&upvalues(255, "", "print"), "x:257: too many upvalues (limit is 255) in function at line 257 near 'end'");
    check(&upvalues(256, "", "1"), "x:258: too many upvalues (limit is 255) in function at line 258 near ','");
    // Constants are no upvalues.
    check(&upvalues(300, " <const>", "print"), "");
}

#[test]
fn jumps_are_limited() {
    let gotos = |count: usize| "goto x; ".repeat(count);
    check(&(gotos(32767) + "::x::"), "");
    check(&(gotos(32768) + "::x::"), "too many labels/gotos (limit is 32767)");
    let labels: String = (0..32768).map(|label| format!("::l{label}:: f()")).collect();
    check(&labels, "too many labels/gotos (limit is 32767)");
}

/// Names of chunks in messages are shortened.
#[test]
fn messages_name_the_chunk() {
    for (name, message) in [
        ("=stdin", "stdin:1: unexpected symbol near <eof>"),
        ("@file.lua", "file.lua:1: unexpected symbol near <eof>"),
        ("x =", "[string \"x =\"]:1: unexpected symbol near <eof>"),
        ("x =\n", "[string \"x =...\"]:1: unexpected symbol near <eof>"),
    ] {
        assert_eq!(parse(b"x =", name.as_bytes()).unwrap_err().to_string(), message);
    }
}

const SEEDS: [&str; 5] = [
    r#"
-- A queue with every kind of statement.
local Queue <const> = {}
Queue.__index = Queue
function Queue.new(...) return setmetatable({ first = 1, last = select('#', ...), ... }, Queue) end
function Queue:push(value) self.last = self.last + 1; self[self.last] = value end
function Queue:pop()
    if self.first > self.last then return nil, "empty\n" elseif not self then return end
    local value = self[self.first]
    self[self.first], self.first = nil, self.first + 1
    return value
end
"#,
    r#"
for i = 1, 10, 2 do
    for k, v in pairs { a = 1, ["b"] = 2, 3; [4] = { 5 } } do
        if k == i then goto continue end
        while true do v = v and -v ^ 2 or ~i << 3 // 0x1F; break end
        ::continue::
    end
end
repeat local done <close> = f { } until done.x["y"]:z "w" (1)
"#,
    "local s = 'a\\tb\\x41\\u{20AC}\\z   \\065\\\nq' .. [[long\n]] .. [==[ ]] ]==] --[[ comment ]] --[=[ ] ]=]\n",
    "local a, b, c = 1, 0x.8p-3, 3.5e+10 local _ENV = { f = f, ... } x = a < b == (c >= 2) ~= not nil x, y.z = y",
    "local function f(n) local g = function() return n, f, g, print end; do local n; n = g() end; return f(n - 1) end",
];

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) as usize % limit
    }
}

/// Does a little harm to a source: bytes or tokens change, vanish, appear twice or change places.
fn damage(random: &mut Random, source: &mut Vec<u8>) {
    const SPLINTERS: [&str; 24] = [
        "end", "do ", "function", "local ", "goto x", "::x::", "break", "return ", "(", ")", "{", "}", "[[", "]]", "'", "\"", "--[[", "\\",
        "...", "=", ",", "\0", "\r\n", "<const>",
    ];
    let at = random.below(source.len() + 1);
    let tokens: Vec<_> = Lexer::new(source).flatten().collect();
    match random.below(6) {
        0 if at < source.len() => source[at] = random.below(256) as u8,
        1 => source.truncate(at),
        2 => drop(source.splice(at..at, SPLINTERS[random.below(SPLINTERS.len())].bytes())),
        3 if !tokens.is_empty() => {
            let token = tokens[random.below(tokens.len())];
            source.drain(token.start as usize..token.end as usize);
        }
        4 if !tokens.is_empty() => {
            let (from, to) = (tokens[random.below(tokens.len())], tokens[random.below(tokens.len())]);
            let text = from.text(source).to_vec();
            source.splice(to.start as usize..to.end as usize, text);
        }
        _ => {
            let other = SEEDS[random.below(SEEDS.len())].as_bytes();
            let from = random.below(other.len());
            source.splice(at..at, other[from..].iter().copied().take(random.below(80)));
        }
    }
}

/// Tokens stand in order, and only white space between them.
fn check_tokens(source: &[u8]) {
    let mut end = 0;
    let mut line = 1;
    for token in Lexer::with_comments(source) {
        let Ok(token) = token else { return };
        assert!(end <= token.start && token.start < token.end && token.end as usize <= source.len());
        assert!(source[end as usize..token.start as usize].iter().all(|byte| matches!(byte, b' ' | b'\t'..=b'\r')));
        assert!(line <= token.line);
        assert_ne!(token.kind, Kind::Eof);
        (end, line) = (token.end, token.line);
    }
}

/// Every reference inside a tree leads somewhere, and everything stands in the source.
fn check_tree(ast: &Ast, source: &[u8]) {
    assert_eq!(ast.exprs.len(), ast.spans.len());
    assert!(ast.spans.iter().all(|span| span.start <= span.end && span.end as usize <= source.len()));
    for (index, expr) in ast.exprs.iter().enumerate() {
        // Operands come before what uses them: no cycles.
        match expr.kind {
            ExprKind::Binary { lhs, rhs, .. } => {
                assert!((lhs.0 as usize) < index && (rhs.0 as usize) < index)
            }
            ExprKind::Call { callee, args } => {
                assert!(callee.0 < index as u32 && ast.list(args).iter().all(|arg| arg.0 < index as u32));
            }
            _ => {}
        }
    }
    for stat in &ast.stats {
        assert!(stat.start <= stat.end && stat.end as usize <= source.len() && stat.line <= stat.end_line);
        match stat.kind {
            StatKind::Goto { label }
            | StatKind::Label(label)
            | StatKind::While { exit: label, .. }
            | StatKind::Repeat { exit: label, .. }
            | StatKind::NumericFor { exit: label, .. }
            | StatKind::GenericFor { exit: label, .. } => {
                assert!((label.0 as usize) < ast.labels.len())
            }
            _ => {}
        }
    }
    for function in &ast.functions {
        for upvalue in &function.upvalues {
            if let (false, Some(parent)) = (upvalue.in_stack, function.parent) {
                let outer = ast.function(parent).upvalues[upvalue.index as usize];
                assert_eq!((outer.local, outer.name), (upvalue.local, upvalue.name));
            }
        }
    }
    assert!(print(ast).len() > ast.stats.len());
}

#[test]
fn random_damage_is_an_error_or_a_tree() {
    on_small_stack(|| {
        let mut random = Random(0x1234_5678_9ABC_DEF1);
        let (mut trees, mut errors) = (0, 0);
        for _ in 0..30_000 {
            let mut source = SEEDS[random.below(SEEDS.len())].as_bytes().to_vec();
            for _ in 0..random.below(5) {
                damage(&mut random, &mut source);
            }
            check_tokens(&source);
            match parse(&source, b"=x") {
                Ok(ast) => {
                    trees += 1;
                    check_tree(&ast, &source);
                }
                Err(error) => {
                    errors += 1;
                    assert!(error.start <= error.end && error.end as usize <= source.len());
                    assert!(!error.message.is_empty());
                }
            }
        }
        assert!(trees > 3000 && errors > 3000, "{trees} trees, {errors} errors");
    });
}
