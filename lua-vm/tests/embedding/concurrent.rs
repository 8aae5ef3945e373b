//! The collector that works on other threads, while hosts do what hosts do.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lua_gc::CollectorKind;

use crate::busy::{SCRIPT, rounds, vm};

#[test]
fn a_vm_is_dropped_at_any_moment_of_a_cycle() {
    for count in (1..400).step_by(7) {
        let (mut lua, counts) = vm(CollectorKind::StressConcurrent);
        rounds(&mut lua, count);
        lua.run(SCRIPT, "=script").unwrap();
        drop(lua);
        assert_eq!((counts.blocks(), counts.bytes()), (0, 0));
    }
}

#[test]
fn long_runs_see_what_they_stored() {
    for collector in [CollectorKind::StressConcurrent, CollectorKind::Concurrent] {
        let (mut lua, _) = vm(collector);
        rounds(&mut lua, 40_000);
        lua.run(SCRIPT, "=script").unwrap();
        let globals = lua.globals();
        assert!(globals.get::<i64>(&mut lua, "finalized").unwrap() > 1000);
    }
}

#[test]
fn a_host_function_panics_while_others_collect() {
    let (mut lua, counts) = vm(CollectorKind::StressConcurrent);
    let fail = lua.create_function(|_, round: i64| if round % 300 == 0 { panic!("on purpose") } else { Ok(round) }).unwrap();
    let globals = lua.globals();
    globals.set(&mut lua, "fail", fail).unwrap();
    rounds(&mut lua, 1000);
    for _ in 0..20 {
        let panic = catch_unwind(AssertUnwindSafe(|| lua.run(SCRIPT, "=script"))).unwrap_err();
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"on purpose"));
    }
    drop(globals);
    drop(lua);
    assert_eq!((counts.blocks(), counts.bytes()), (0, 0));
}

#[test]
fn the_memory_limit_is_reached_while_others_collect() {
    let (mut lua, counts) = vm(CollectorKind::StressConcurrent);
    let limit = lua.memory() + 600_000;
    lua.set_memory_limit(limit);
    let hoard = "local all = {} for i = 1, math.huge do all[i] = {i, 'number ' .. i} end";
    for _ in 0..5 {
        rounds(&mut lua, 300);
        lua.run(SCRIPT, "=script").unwrap();
        let error = lua.run(hoard.as_bytes(), "=hoard").unwrap_err();
        assert_eq!(error.to_string(), "not enough memory");
        assert!(lua.memory() <= limit);
    }
    // In the midst of the next cycle.
    lua.run(SCRIPT, "=script").unwrap();
    drop(lua);
    assert_eq!((counts.blocks(), counts.bytes()), (0, 0));
}
