//! Limits inside builtins: interrupts, budget, memory. The VM stays usable.

use std::sync::Arc;
use std::time::{Duration, Instant};

use lua_proto::BinaryLoader;
use lua_vm::{Cx, Error, Lua};

fn open() -> Lua {
    let mut lua = Lua::new(Arc::new(BinaryLoader)).unwrap();
    lua_std::open_all(&mut lua).unwrap();
    lua
}

/// Calls a library function with what `push` pushes; the text of its first result, or of
/// the error.
fn call(lua: &mut Lua, library: &str, function: &str, push: impl FnOnce(&mut Cx<'_>) -> Result<u32, Error>) -> Result<String, String> {
    let result = lua.with(|cx| {
        cx.push_globals();
        cx.get_field(0, library)?;
        cx.get_field(1, function)?;
        let count = push(cx)?;
        cx.call(count, 1)?;
        cx.tostring(2)?;
        Ok(String::from_utf8_lossy(cx.bytes(3)).into_owned())
    });
    result.map_err(|error| error.to_string())
}

/// A search that would take years.
fn endless(lua: &mut Lua) -> Result<String, String> {
    call(lua, "string", "find", |cx| {
        cx.push_bytes(&b"a".repeat(5000))?;
        cx.push_str(&(".-".repeat(20) + "[bc]"))?;
        Ok(2)
    })
}

fn works(lua: &mut Lua) {
    let found = call(lua, "string", "find", |cx| {
        cx.push_str("hello")?;
        cx.push_str("l+")?;
        Ok(2)
    });
    assert_eq!(found.as_deref(), Ok("3"));
}

#[test]
fn interrupts_reach_patterns() {
    let mut lua = open();
    let interrupt = lua.interrupt();
    let start = Instant::now();
    let other = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(30));
        interrupt.set();
    });
    let error = endless(&mut lua).unwrap_err();
    other.join().unwrap();
    assert!(error.contains("interrupted!"), "{error}");
    assert!(start.elapsed() < Duration::from_secs(5));
    works(&mut lua);
}

#[test]
fn budget_reaches_patterns() {
    let mut lua = open();
    lua.set_budget(1_000_000);
    let error = endless(&mut lua).unwrap_err();
    assert!(error.contains("budget"), "{error}");
    lua.set_budget(u64::MAX);
    works(&mut lua);
}

#[test]
fn memory_is_refused_before_it_is_taken() {
    let mut lua = open();
    lua.set_memory_limit(1 << 20);
    let large = [
        call(&mut lua, "string", "rep", |cx| {
            cx.push_str("x")?;
            cx.push_int(1 << 30);
            Ok(2)
        }),
        call(&mut lua, "string", "pack", |cx| {
            cx.push_str("c1000000000")?;
            cx.push_str("x")?;
            Ok(2)
        }),
        call(&mut lua, "string", "gsub", |cx| {
            cx.push_bytes(&b"x".repeat(100_000))?;
            cx.push_str("x")?;
            cx.push_bytes(&b"y".repeat(100))?;
            Ok(3)
        }),
    ];
    for result in large {
        let error = result.unwrap_err();
        assert!(error.contains("not enough memory"), "{error}");
    }
    works(&mut lua);
}
