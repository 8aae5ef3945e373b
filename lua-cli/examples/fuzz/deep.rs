//! Recursion without end, and recursion that goes deep and comes back.

use crate::machine::{Machine, Setup};

/// Scripts that recurse until they are stopped: each has to fail.
pub(crate) const RUNAWAY: &[(&str, &str)] = &[
    ("calls", "local function f(n) return 1 + f(n + 1) end f(1)"),
    ("calls with many registers", "local function f(...) return (f(...)), ... end f(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)"),
    ("varargs that grow", "local function f(...) return (f(1, ...)) end f()"),
    ("gsub", "local function f(s) return (s:gsub('.', f)) end f 'x'"),
    (
        "gsub through a table",
        "local t = setmetatable({}, {}) getmetatable(t).__index = function(_, k) return (k:gsub('.', t)) end return (('x'):gsub('.', t))",
    ),
    ("sort", "local function f(a, b) table.sort({3, 2, 1}, f) return a < b end f(1, 2)"),
    (
        "sort by __lt",
        "local m = {} local function new() return setmetatable({}, m) end m.__lt = function() table.sort {new(), new(), new()} return false end return new() < new()",
    ),
    ("__index", "local t = setmetatable({}, {__index = function(t, k) return t[k] end}) return t.x"),
    ("__index chain", "local t = {} for i = 1, 3000 do t = setmetatable({}, {__index = t}) end return t.x"),
    ("__index loop", "local t = {} setmetatable(t, {__index = t}) getmetatable(t).__index = setmetatable({}, {__index = t}) return t.x"),
    ("__newindex", "local t = setmetatable({}, {__newindex = function(t, k, v) t[k] = v end}) t.x = 1"),
    ("__newindex loop", "local t = {} setmetatable(t, {__newindex = t}) t.x = 1"),
    ("__call", "local t = {} setmetatable(t, {__call = function(self, n) return 1 + self(n) end}) t(1)"),
    ("__call loop", "local t = {} setmetatable(t, {__call = t}) t()"),
    ("__call chain", "local f = function() error 'reached' end for i = 1, 1000000 do f = setmetatable({}, {__call = f}) end f()"),
    ("__concat", "local t = setmetatable({}, {__concat = function(a, b) return a .. b end}) return t .. 'x'"),
    (
        "__concat of many",
        "local t = setmetatable({}, {}) getmetatable(t).__concat = function(a, b) return 'a' .. 1 .. t .. 'b' .. t end return t .. 'x'",
    ),
    ("__eq", "local m = {__eq = function(a, b) return a == b end} return setmetatable({}, m) == setmetatable({}, m)"),
    ("__lt", "local t = setmetatable({}, {__lt = function(a, b) return a < b end}) return t < t"),
    ("__le", "local t = setmetatable({}, {__le = function(a, b) return a <= b end}) return t <= t"),
    ("__len", "local t = setmetatable({}, {__len = function(a) return #a end}) return #t"),
    ("__unm", "local t = setmetatable({}, {__unm = function(a) return -a end}) return -t"),
    ("__add", "local t = setmetatable({}, {__add = function(a, b) return a + b end}) return t + 1"),
    ("__tostring", "local t = setmetatable({}, {__tostring = function(t) return tostring(t) end}) tostring(t)"),
    ("__tostring through format", "local t = setmetatable({}, {__tostring = function(t) return ('%s'):format(t) end}) tostring(t)"),
    ("__tostring through print", "local t = setmetatable({}, {__tostring = function(t) print(t) end}) print(t)"),
    ("__close", "local function f() local c <close> = setmetatable({}, {__close = function() f() end}) end f()"),
    ("__close in errors", "local function f() local c <close> = setmetatable({}, {__close = function() f() end}) error 'x' end f()"),
    ("__pairs", "local t = setmetatable({}, {__pairs = function(t) return pairs(t) end}) pairs(t)"),
    ("iterator", "local function f() for x in f do end end f()"),
    ("coroutines", "local function f() return coroutine.wrap(f)() end f()"),
    ("resume", "local function f() local ok, m = coroutine.resume(coroutine.create(f)) if not ok then error(m, 0) end end f()"),
    ("coroutines in gsub", "local function f() return (('x'):gsub('x', coroutine.wrap(f))) end f()"),
    ("pcall", "local function f() local ok, m = pcall(f) error(m, 0) end f()"),
    ("pcall of pcall", "local function f() local _, ok, m = pcall(pcall, f) error(m or ok, 0) end f()"),
    ("xpcall", "local function f() local ok, m = xpcall(f, function(m) return m end) error(m, 0) end f()"),
    ("handlers", "local function h(e) local ok, m = xpcall(error, h, e) return m end error((select(2, xpcall(error, h, 'x'))), 0)"),
    ("handler that fails", "local ok, m = xpcall(error, function(e) error(e) end, 'x') error(m, 0)"),
    ("handler that recurses", "local ok, m = xpcall(error, function(e) local function f() return 1 + f() end f() end, 'x') error(m, 0)"),
    ("handler of overflows", "local function f() return 1 + f() end local ok, m = xpcall(f, function() return 1 + f() end) error(m, 0)"),
    ("load", "F = function() return (('x'):gsub('x', load('return F()'))) end F()"),
    ("load readers", "local function f() local ok, m = load(f) error(m, 0) end f()"),
    ("parentheses", "error((select(2, load('return ' .. ('('):rep(100000)))))"),
    ("constructors", "error((select(2, load('return ' .. ('{'):rep(100000)))))"),
    ("blocks", "error((select(2, load(('do '):rep(100000)))))"),
    ("functions", "error((select(2, load(('return function() '):rep(100000)))))"),
    ("unary operators", "error((select(2, load('return ' .. ('- '):rep(100000)))))"),
    ("concatenations", "error((select(2, load('return ' .. ('a..'):rep(100000)))))"),
    ("powers", "error((select(2, load('return ' .. ('a^'):rep(100000)))))"),
    ("assignments", "error((select(2, load(('a,'):rep(100000) .. 'a = 1'))))"),
    ("patterns", "return (('x'):rep(300000)):find(('x?'):rep(200000) .. 'y')"),
    ("captures in patterns", "return (('x'):rep(1000)):find(('('):rep(1000))"),
    ("hooks", "local function f() return 1 + f() end debug.sethook(function() debug.sethook() f() end, 'l') local x = 1\n x = 2"),
    (
        "concat by library",
        "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, i) return table.concat(t, '', 1, 2) end table.concat(t, '', 1, 2)",
    ),
    (
        "unpack",
        "local t = setmetatable({}, {}) getmetatable(t).__index = function(t) return table.unpack(t, 1, 2) end table.unpack(t, 1, 2)",
    ),
    (
        "move",
        "local t = setmetatable({}, {}) getmetatable(t).__index = function(t) return table.move(t, 1, 2, 5) end table.move(t, 1, 2, 5)",
    ),
];

/// Recursion and loops that have to succeed.
pub(crate) const DEEP: &[(&str, &str)] = &[
    ("a long loop", "local x = 0 for i = 1, 30000000 do x = x + (i & 3) end assert(x == 45000000)"),
    ("a long loop with calls", "local function f(a) return a end local x = 0 for i = 1, 1000000 do x = f(x) + 1 end assert(x == 1000000)"),
    ("deep calls", "local function f(n) if n == 0 then return 0 end return 1 + f(n - 1) end assert(f(190000) == 190000)"),
    ("tail calls", "local function f(n) if n == 0 then return 'end' end return f(n - 1) end assert(f(1000000) == 'end')"),
    ("deep pcall", "local function f(n) if n == 0 then return 0 end local ok, x = pcall(f, n - 1) return x + 1 end assert(f(150) == 150)"),
    ("deep data", "local t = {} for i = 1, 300000 do t = {t} end collectgarbage() t = nil collectgarbage()"),
    (
        "deep closures",
        "local f = function() return 0 end for i = 1, 300000 do local g = f f = function() return g end end collectgarbage()",
    ),
    (
        "deep coroutines that wait",
        "local list for i = 1, 20000 do local before = list list = coroutine.wrap(function() coroutine.yield(before) end) list() end collectgarbage()",
    ),
    (
        "__gc that recurses",
        "for i = 1, 10 do setmetatable({}, {__gc = function() local function f() return 1 + f() end f() end}) end collectgarbage() collectgarbage()",
    ),
    ("__gc that makes garbage", "local function new() setmetatable({}, {__gc = new}) end new() for i = 1, 100 do collectgarbage() end"),
    ("a long concatenation", "local s = 'a' local f = load('local s = ... return ' .. ('s..'):rep(150) .. 's') assert(#f(s) == 151)"),
    (
        "a long chain of elseif",
        "assert(load('local a = ... if a == 0 then return 0 ' .. ('elseif a == 1 then return 1 '):rep(5000) .. 'end'))",
    ),
    ("a long sum", "assert(load('local a = 1 return a' .. (' + a'):rep(50000))() == 50001)"),
    ("a long chain of fields", "assert(load('return function(a) return a' .. ('.b'):rep(50000) .. ' end'))"),
];

/// Works afterwards.
const AFTERWARDS: &[u8] = b"
    local function f(n) if n == 0 then return 0 end return 1 + f(n - 1) end
    assert(f(1000) == 1000 and ('ab'):gsub('b', function() return 'c' end) == 'ac')
    collectgarbage()
";

/// Words of the messages with which runaway recursion may end.
const EXPECTED: &[&str] =
    &["overflow", "error in error handling", "too long", "possibly a loop", "too complex", "too many", "limit", "memory"];

/// Runs one script and what has to work afterwards.
///
/// # Errors
///
/// What went wrong.
pub(crate) fn check(setup: Setup, script: &str, fails: bool) -> Result<(), String> {
    let mut machine = Machine::open(setup);
    let result = machine.run(script.as_bytes());
    let text = |error: &lua_vm::Error| String::from_utf8_lossy(error.message()).into_owned();
    let short = |error: &lua_vm::Error| text(error).chars().take(200).collect::<String>();
    match (&result, fails) {
        (Ok(()), false) => {}
        (Err(error), true) if EXPECTED.iter().any(|words| text(error).contains(words)) => {}
        (Ok(()), true) => return Err("did not fail".to_owned()),
        (Err(error), _) => return Err(format!("failed with: {}", short(error))),
    }
    // Errors that left the VM hold on to it.
    drop(result);
    machine.lua.run(AFTERWARDS, "=afterwards").map_err(|error| format!("afterwards: {}", short(&error)))?;
    machine.close()
}

/// Runs every script on a thread with so many bytes of native stack; what went wrong.
///
/// # Panics
///
/// If the thread cannot be started.
pub(crate) fn check_all(setup: Setup, stack: usize, only: &str) -> Vec<String> {
    let only = only.to_owned();
    let work = move || {
        let mut problems = Vec::new();
        let all = RUNAWAY.iter().map(|case| (case, true)).chain(DEEP.iter().map(|case| (case, false)));
        for ((name, script), fails) in all.filter(|((name, _), _)| name.contains(only.as_str())) {
            if std::env::var_os("FUZZ_VERBOSE").is_some() {
                eprintln!("{name} ({} KB, {setup:?})", stack / 1024);
            }
            if let Err(problem) = check(setup, script, fails) {
                problems.push(format!("{name} ({} KB, {setup:?}): {problem}", stack / 1024));
            }
        }
        problems
    };
    std::thread::Builder::new().stack_size(stack).spawn(work).expect("a thread").join().unwrap_or_else(|_| vec!["a panic".to_owned()])
}
