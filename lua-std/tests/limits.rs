//! Limits of the host inside long library functions: an interrupt from another thread within 10 ms, the budget, and
//! memory that is refused before it is taken.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use lua_parse::Compiler;
use lua_vm::Lua;

fn lua() -> Lua {
    let mut lua = Lua::new(Arc::new(Compiler)).unwrap();
    lua_std::open_all(&mut lua).unwrap();
    lua
}

fn fails(lua: &mut Lua, chunk: &str) -> String {
    match lua.run(chunk.as_bytes(), "=chunk") {
        Ok(()) => panic!("{chunk}: no error"),
        Err(e) => e.to_string(),
    }
}

/// Each runs for seconds in one call of a library function.
const LONG: &[&str] = &[
    // Patterns: backtracking, a long subject, a long scan for what is not there.
    "(('a'):rep(60)):find(('a*'):rep(40) .. 'b')",
    "(('a'):rep(60)):match(('a-'):rep(40) .. 'b')",
    "(('a'):rep(3e5)):gsub('a*b', '')",
    "(('a'):rep(1e6)):gsub('a-b', '')",
    "(('('):rep(3e5)):find('%b()()()x')",
    "(('ab'):rep(3e4)):find('.-.-.-b$c')",
    // Concatenation and sorting that run Lua.
    "local t = setmetatable({}, {__index = function() return '' end}); table.concat(t, '', 1, 1e12)",
    "local t = {}; for i = 1, 2e5 do t[i] = -i end; table.sort(t, function(a, b) return a < b end); error('too late')",
    // Other loops in Rust.
    "table.move({}, 1, math.maxinteger - 1, 2)",
    "table.move(setmetatable({}, {__index = function() end}), 1, 1e12, 1, setmetatable({}, {__newindex = function() end}))",
];

/// Each calls library functions again and again that take up to milliseconds.
const REPEATED: &[&str] = &[
    "for _ in (('a'):rep(1e6)):gmatch('a-b') do end; error('not interrupted')",
    "local s = ('a'):rep(1e6); while true do s:find('b', 1, true) end",
    "while true do ('x'):rep(1e6) end",
    "while true do ('xyz'):rep(1e5, ', ') end",
    "local t = {}; for i = 1, 1e5 do t[i] = 'item' end; while true do table.concat(t, ', ') end",
    "local t = {}; while true do for i = 1, 3e5 do t[i] = i * 7919 % 300007 end; table.sort(t) end",
    "local t = {}; while true do for i = 1, 1e5 do t[i] = tostring(i * 7919 % 100003) end; table.sort(t) end",
    "while true do table.unpack({}, 1, 1e5) end",
    "local s = ('x'):rep(1e5); while true do s:byte(1, 1e5) end",
    "local s = ('x'):rep(1e6); while true do s:upper(); s:reverse() end",
    "local s = ('\\u{e4}'):rep(1e6); while true do utf8.len(s) end",
    "local s = ('b'):rep(1e5); while true do string.packsize(s) end",
];

/// The time between an interrupt and the error of the chunk that it ends.
fn time_to_stop(lua: &mut Lua, chunk: &str) -> Duration {
    let interrupt = lua.interrupt();
    let (sent, received) = channel();
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(30));
        let _ = sent.send(Instant::now());
        interrupt.set();
    });
    let message = fails(lua, chunk);
    let took = received.recv().unwrap().elapsed();
    assert!(message.ends_with("interrupted!"), "{chunk}: {message}");
    took
}

#[test]
fn another_thread_interrupts_library_functions() {
    for chunk in LONG.iter().chain(REPEATED) {
        // Other work on the machine may delay a thread; a function that does not look is late every time.
        let mut lua = lua();
        let mut times = Vec::new();
        while times.last().is_none_or(|took| *took >= Duration::from_millis(10)) {
            assert!(times.len() < 8, "{chunk}: {times:?}");
            times.push(time_to_stop(&mut lua, chunk));
        }
    }
}

#[test]
fn library_functions_use_up_the_budget() {
    for chunk in LONG {
        let mut lua = lua();
        lua.set_budget(1_500_000);
        let message = fails(&mut lua, chunk);
        assert!(message.ends_with("instruction budget exhausted"), "{chunk}: {message}");
    }
}

#[test]
fn memory_is_refused_before_it_is_taken() {
    for chunk in [
        "('x'):rep(1e9)",
        "('x'):rep(1e6, ('y'):rep(1e6))",
        "local t = {}; for i = 1, 100 do t[i] = ('x'):rep(1e5) end; table.concat(t)",
        "(('x'):rep(1e5)):gsub('x', ('y'):rep(1000))",
        "(('x'):rep(1e6)):gsub('', 'yyyy')",
        "local t = {}; for i = 1, 2000 do t[i] = '%s' end; local s = ('x'):rep(1e4); (table.concat(t)):format(table.unpack((function() local a = {}; for i = 1, 2000 do a[i] = s end; return a end)()))",
        "string.pack('s', ('x'):rep(2e6)):rep(3)",
        "local s = 'x'; while true do s = s .. s end",
        "local t = {}; while true do t[#t + 1] = #t end",
        "local t = {}; while true do t = {t} end",
        "local co; co = function() return coroutine.wrap(co)() end; local t = {}; while true do t[#t + 1] = coroutine.create(co) end",
        "local s = '0'; while true do s = s:reverse() .. s:upper() end",
        "assert(load(function() return ('x = 1\\n'):rep(1e5) end))",
        "io.tmpfile():write(('x'):rep(5e6)); local f = io.tmpfile(); for i = 1, 100 do f:write(('x'):rep(1e5)) end; f:seek('set'); f:read('a')",
    ] {
        let mut lua = lua();
        lua.set_memory_limit(lua.memory() + 4_000_000);
        let message = fails(&mut lua, chunk);
        assert!(message.contains("not enough memory") || message.contains("resulting string too large"), "{chunk}: {message}");
        // Everything that the attempt took is given back.
        lua.run(b"collectgarbage() collectgarbage() local s = ('x'):rep(1e6) assert(#s == 1e6)", "=after").unwrap();
    }
}
