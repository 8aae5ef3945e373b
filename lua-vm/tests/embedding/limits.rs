//! Memory, budget, interruption and accounts of a VM.

use std::sync::Arc;
use std::time::{Duration, Instant};

use lua_gc::CollectorKind;
use lua_parse::Compiler;
use lua_proto::{Chunk, ChunkMode, LoadError, Loader, Proto};
use lua_vm::Lua;

use super::{eval, fails, lua};

#[test]
fn memory_runs_out_catchably() {
    let lua = &mut lua();
    let before = lua.memory();
    lua.set_memory_limit(before + 400_000);
    assert_eq!(fails(lua, "local t = {}; for i = 1, 1e9 do t[i] = {i} end"), "not enough memory");
    let (ok, message): (bool, String) = eval(lua, "return pcall(string.rep, 'x', 1e8)");
    assert_eq!((ok, message.as_str()), (false, "not enough memory"));
    assert!(eval::<bool>(lua, "local ok = pcall(function() local s = 'x'; while true do s = s .. s end end); return not ok"));
    assert!(lua.memory() <= before + 400_000);
    eval::<()>(lua, "collectgarbage()");
    assert!(lua.memory() < before + 100_000);
}

#[test]
fn what_conversions_copy_is_charged() {
    let lua = &mut lua();
    eval::<()>(lua, "list = {}; for i = 1, 20000 do list[i] = 'item' end");
    lua.set_memory_limit(lua.memory() + 200_000);
    let e = lua.load(b"return list", "=chunk").unwrap().call::<Vec<String>>(lua, ()).unwrap_err();
    assert!(e.is_memory(), "{e}");
    // The charge ends with the call.
    let list: Vec<u8> = eval(lua, "return ('x'):rep(50000)");
    for _ in 0..10 {
        assert_eq!(eval::<Vec<u8>>(lua, "return ('x'):rep(50000)"), list);
    }
    let f = lua.create_function(|_, list: Vec<String>| Ok(list.len())).unwrap();
    lua.globals().set(lua, "f", f).unwrap();
    assert!(!eval::<bool>(lua, "return (pcall(f, list))"));
    lua.set_memory_limit(usize::MAX);
    assert_eq!(eval::<i64>(lua, "return f(list)"), 20_000);
}

/// Each takes without end what is not in the heap.
const HOARDS: [&str; 8] = [
    // Functions, text and binary.
    "local t, s = {}, ('x = {};'):rep(1000); for i = 1, 1000 do t[i] = assert(load(s)) end",
    "local t, s = {}, string.dump(load(('x = {};'):rep(1000))); for i = 1, 1000 do t[i] = assert(load(s)) end",
    // What stays when the chunk has run.
    "local t, s = {}, 'return function() ' .. ('x = {};'):rep(1000) .. ' end'; for i = 1, 1000 do t[i] = load(s)() end",
    // Strings, names of variables and of chunks.
    "local t, s = {}, ('x'):rep(10000); for i = 1, 1000 do t[i] = load('return \"' .. s .. i .. '\"') end",
    "local t, s = {}, ('x'):rep(10000); for i = 1, 1000 do t[i] = load('local ' .. s .. i .. ' = 1') end",
    "local t, s = {}, ('x'):rep(10000); for i = 1, 1000 do t[i] = load('return 1', s .. i) end",
    // Strings whose chunk is gone.
    "local t, s = {}, ('x'):rep(10000); for i = 1, 1000 do t[i] = load('return \"' .. s .. i .. '\"')() end",
    // The files that were tried.
    "package.searchpath(('x'):rep(10000), ('?;'):rep(200))",
];

#[test]
fn what_a_vm_holds_outside_of_its_heap_is_charged() {
    for collector in [CollectorKind::Incremental, CollectorKind::Generational, CollectorKind::MarkSweep, CollectorKind::Concurrent] {
        let lua = &mut lua();
        lua.set_collector(collector);
        eval::<()>(lua, "collectgarbage()");
        let before = lua.memory();
        lua.set_memory_limit(before + 1_000_000);
        for chunk in HOARDS {
            assert_eq!(fails(lua, chunk), "not enough memory", "{collector:?}: {chunk}");
            // The charge ends with what was charged.
            eval::<()>(lua, "collectgarbage() collectgarbage()");
            assert!(lua.memory() < before + 10_000, "{collector:?}: {} of {chunk}", lua.memory() - before);
        }
        eval::<()>(lua, "local s = ('x = {};'):rep(1000); for i = 1, 1000 do assert(load(s)) end");
    }
}

#[test]
fn loading_keeps_to_the_memory_limit() {
    let lua = &mut lua();
    let longest = |lua: &mut Lua, item: &str| -> i64 {
        eval::<()>(lua, "collectgarbage()");
        let chunk = format!("local n = 1; while pcall(load, 'return {{' .. ('{item}'):rep(n) .. '}}') do n = n * 2 end; return n");
        let message = format!("return select(2, pcall(load, 'return {{' .. ('{item}'):rep({}) .. '}}'))", 1 << 15);
        lua.set_memory_limit(lua.memory() + 1_000_000);
        assert_eq!(eval::<String>(lua, &message), "not enough memory", "{item}");
        eval(lua, &chunk)
    };
    for item in ["1,", "{},", "a.b + c,", "f(x),"] {
        let n = longest(lua, item);
        assert!((1 << 10..=1 << 15).contains(&n), "{n} of {item}");
    }
    // Garbage gives way.
    lua.set_memory_limit(lua.memory() + 1_000_000);
    eval::<()>(lua, "for i = 1, 100 do local s = ('x'):rep(100000); assert(load('return {' .. ('{},'):rep(1 << 10) .. '}')) end");
}

/// What it loads belongs to others, too.
struct Shared(Arc<Proto>);

impl Loader for Shared {
    fn load(&self, _: Chunk<'_>) -> Result<Arc<Proto>, LoadError> {
        Ok(Arc::clone(&self.0))
    }
}

#[test]
fn code_that_vms_share_is_charged_to_none() {
    let text = "x = {};".repeat(10_000);
    let chunk = Chunk { bytes: text.as_bytes(), name: b"=shared", mode: ChunkMode::Both };
    let memory_after_loading = |loader: Arc<dyn Loader>| {
        let mut lua = Lua::new(loader).unwrap();
        let before = lua.memory();
        let _function = lua.load(text.as_bytes(), "=shared").unwrap();
        lua.memory() - before
    };
    let shared = Shared(Compiler.load(chunk).unwrap());
    assert!(memory_after_loading(Arc::new(shared)) < 1_000);
    assert!(memory_after_loading(Arc::new(Compiler)) > 100_000);
}

#[test]
fn a_vm_that_does_not_fit_is_not_opened() {
    assert!(Lua::builder(Arc::new(Compiler)).memory_limit(1_000).open().is_err());
}

#[test]
fn the_budget_counts_loops_calls_and_library_work() {
    let lua = &mut lua();
    for chunk in [
        "while true do end",
        "for i = 1, math.huge do end",
        "repeat until false",
        "::top:: goto top",
        "local function f() return f() end; f()",
        "pcall(string.rep, ('x'):rep(1e6):gsub('x', 'xx'))\nwhile true do end",
        "(('a'):rep(40)):find(('a*'):rep(30) .. 'b')",
        "while true do pcall(function() while true do end end) end",
        "local t = {}; for i = 1, 1e5 do t[i] = i end; table.sort(t, function(a, b) return a > b end)",
        "coroutine.wrap(function() while true do end end)()",
        "setmetatable({}, {__index = function() while true do end end}).x = nil; local _ = setmetatable({}, {__index = function() while true do end end}).x",
    ] {
        lua.set_budget(100_000);
        assert!(fails(lua, chunk).contains("instruction budget exhausted"), "{chunk}");
        assert_eq!(lua.budget(), 0, "{chunk}");
    }
    lua.set_budget(1_000_000);
    eval::<()>(lua, "for i = 1, 1000 do end");
    let left = lua.budget();
    assert!((990_000..1_000_000).contains(&left), "{left}");
    lua.set_budget(u64::MAX);
    eval::<()>(lua, "for i = 1, 1e6 do end");
    assert_eq!(lua.budget(), u64::MAX);
}

#[test]
fn another_thread_interrupts_a_loop() {
    let lua = &mut lua();
    let mut interrupted = || {
        let interrupt = lua.interrupt();
        let (sent, received) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(30));
            sent.send(Instant::now()).unwrap();
            interrupt.set();
        });
        assert_eq!(fails(lua, "while true do end"), "chunk:1: interrupted!");
        received.recv().unwrap().elapsed()
    };
    // A busy machine may keep either thread waiting; not twenty times in a row.
    let took = (0..20).map(|_| interrupted()).find(|took| *took < Duration::from_millis(10));
    assert!(took.is_some(), "never within 10 ms");
    // Once: the VM goes on afterwards.
    assert_eq!(eval::<i64>(lua, "local n = 0; for i = 1, 1e5 do n = n + 1 end; return n"), 100_000);
    let interrupt = lua.interrupt();
    interrupt.set();
    interrupt.clear();
    eval::<()>(lua, "for i = 1, 1e5 do end");
}

/// Processor time of this thread, by the same clock as the VM's, where there is one.
fn thread_time() -> Duration {
    #[cfg(unix)]
    {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
    }
    #[cfg(not(unix))]
    Duration::ZERO
}

#[test]
fn processor_time_is_measured_when_asked_for() {
    let lua = &mut lua();
    eval::<()>(lua, "for i = 1, 1e6 do end");
    assert_eq!(lua.cpu_time(), Duration::ZERO);
    lua.measure_cpu_time(true);
    let began = thread_time();
    eval::<()>(lua, "for i = 1, 2e7 do end");
    let (measured, passed) = (lua.cpu_time(), thread_time() - began);
    if cfg!(unix) {
        assert!(measured >= passed / 2 && measured <= passed, "{measured:?} of {passed:?}");
        // Waiting costs nothing.
        let sleep = lua
            .create_function(|_, ()| {
                std::thread::sleep(Duration::from_millis(50));
                Ok(())
            })
            .unwrap();
        sleep.call::<()>(lua, ()).unwrap();
        assert!(lua.cpu_time() - measured < Duration::from_millis(25));
    } else {
        assert_eq!(measured, Duration::ZERO);
    }
    lua.measure_cpu_time(false);
    let before = lua.cpu_time();
    eval::<()>(lua, "for i = 1, 1e6 do end");
    assert_eq!(lua.cpu_time(), before);
}

#[test]
fn a_vm_moves_between_threads() {
    let mut lua = lua();
    eval::<()>(&mut lua, "n = 0; co = coroutine.wrap(function() while true do n = n + 1; coroutine.yield(n) end end)");
    for i in 1..=4 {
        lua = std::thread::spawn(move || {
            assert_eq!(eval::<i64>(&mut lua, "return co()"), i);
            lua
        })
        .join()
        .unwrap();
    }
    assert_eq!(eval::<i64>(&mut lua, "return n"), 4);
}
