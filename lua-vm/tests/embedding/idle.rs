//! Collecting while the program rests.

use lua_gc::{CollectorKind, CountingPages};
use lua_parse::Compiler;
use lua_vm::Lua;
use std::sync::Arc;
use std::time::Duration;

const GARBAGE: &[u8] = b"for i = 1, 20000 do local t = {i, x = 'string ' .. i} end kept = {1, 2, 3}";

const KINDS: [CollectorKind; 4] = [CollectorKind::Incremental, CollectorKind::Generational, CollectorKind::MarkSweep, CollectorKind::None];

#[test]
fn idle_work_frees_garbage_and_returns_pages() {
    for kind in KINDS {
        let pages = CountingPages::new();
        let counts = pages.counts();
        let mut lua = Lua::builder(Arc::new(Compiler)).pages(Box::new(pages)).collector(kind).open().unwrap();
        lua_std::open_all(&mut lua).unwrap();
        while !lua.gc_step(Duration::MAX) {}
        let (settled, committed) = (lua.memory(), counts.bytes());
        lua.run(b"collectgarbage('stop')", "=stop").unwrap();
        lua.run(GARBAGE, "=garbage").unwrap();
        assert!(lua.memory() > settled + 1_000_000 && lua.gc_work() > 0, "{kind:?}");
        let mut steps = 0;
        while !lua.gc_step(16 * 1024) {
            steps += 1;
            assert!(steps < 100_000, "{kind:?}");
        }
        assert!(steps > 10, "{kind:?}: {steps}");
        assert_eq!(lua.gc_work(), 0);
        assert!(lua.memory() < settled + 4_000, "{kind:?}: {} after {settled}", lua.memory());
        assert!(counts.bytes() < committed + 40_000, "{kind:?}: {} after {committed}", counts.bytes());
        // Nothing to do is done at once.
        assert!(lua.gc_step(Duration::ZERO));
    }
}

#[test]
fn idle_work_runs_finalizers() {
    let mut lua = super::lua();
    lua.run(b"setmetatable({('x'):rep(100000)}, {__gc = function() gone = true end})", "=chunk").unwrap();
    while !lua.gc_step(1000) {}
    assert!(super::eval::<bool>(&mut lua, "return gone"));
}

#[test]
fn a_budget_of_nothing_does_nothing() {
    let mut lua = super::lua();
    lua.run(GARBAGE, "=garbage").unwrap();
    let before = (lua.memory(), lua.gc_work());
    assert_eq!(lua.gc_step(0), before.1 == 0);
    assert_eq!(lua.gc_step(Duration::ZERO), before.1 == 0);
    assert_eq!((lua.memory(), lua.gc_work()), before);
}
