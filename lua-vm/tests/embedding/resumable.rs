//! Host functions that go on after what they called has yielded.

use lua_vm::{Cx, Error, Native, Outcome, Resumed, Type};

use super::{eval, lua};

/// `map(list, f)`: a new list of `f(item)`; `f` may yield.
static MAP: Native = Native::new("map", |cx| {
    cx.check_table(0)?;
    cx.set_top(2)?;
    cx.push_table(0, 0)?;
    map_item(cx, 1)
});

fn map_item(cx: &mut Cx<'_>, at: i64) -> Result<Outcome, Error> {
    cx.push_slot(1);
    if cx.raw_get_int(0, at) == Type::Nil {
        cx.set_top(3)?;
        return Ok(cx.returns(1));
    }
    Ok(cx.call_k(1, 1, at, |cx: &mut Cx<'_>, resumed: Resumed| {
        cx.raw_set_int(2, resumed.state)?;
        map_item(cx, resumed.state + 1)
    }))
}

/// `try(f, …)`: true and the results, or false and the error; `f` may yield.
static TRY: Native = Native::new("try", |cx| {
    let arguments = cx.top().saturating_sub(1);
    cx.push_str("kept")?;
    cx.insert(0);
    Ok(cx.pcall_k(arguments, -1, None, 7, |cx, resumed| {
        assert_eq!((resumed.state, cx.kept(), cx.bytes(0)), (7, 1, &b"kept"[..]));
        cx.push_bool(resumed.ok);
        cx.insert(1);
        Ok(cx.returns(cx.top() - 1))
    }))
});

/// `twice()`: yields "first", then "second" and what it was resumed with.
static TWICE: Native = Native::new("twice", |cx| {
    cx.push_str("first")?;
    cx.yield_k(
        1,
        0,
        Some(|cx: &mut Cx<'_>, resumed: Resumed| {
            assert!(resumed.yielded);
            cx.push_str("second")?;
            cx.insert(cx.kept());
            cx.yield_k(cx.top() - cx.kept(), 0, None)
        }),
    )
});

fn with_natives() -> lua_vm::Lua {
    let mut lua = lua();
    lua.with(|cx| {
        cx.push_globals();
        for native in [&MAP, &TRY, &TWICE] {
            cx.push_native(native);
            cx.raw_set_str(0, native.name)?;
        }
        Ok(())
    })
    .unwrap();
    lua
}

#[test]
fn calls_go_on_after_a_yield() {
    let lua = &mut with_natives();
    assert_eq!(eval::<Vec<i64>>(lua, "return map({1, 2, 3}, function(x) return x * x end)"), [1, 4, 9]);
    assert_eq!(
        eval::<(Vec<i64>, Vec<i64>)>(
            lua,
            "local seen = {}
             local co = coroutine.wrap(function() return map({1, 2, 3}, function(x) return coroutine.yield(x) end) end)
             local r = co()
             while type(r) == 'number' do seen[#seen + 1] = r; r = co(r * 10) end
             return seen, r"
        ),
        (vec![1, 2, 3], vec![10, 20, 30])
    );
}

#[test]
fn protected_calls_catch_errors_after_a_yield() {
    let lua = &mut with_natives();
    assert_eq!(
        eval::<(String, bool, String)>(
            lua,
            "local co = coroutine.wrap(function() return try(function(x) local y = coroutine.yield(x); error(y, 0) end, 'a') end)
             local first = co()
             return first, co('b')"
        ),
        ("a".into(), false, "b".into())
    );
    assert_eq!(eval::<(bool, i64, i64)>(lua, "return try(function(...) return ... end, 1, 2)"), (true, 1, 2));
}

#[test]
fn a_host_function_yields() {
    let lua = &mut with_natives();
    assert_eq!(
        eval::<(String, String, i64, i64)>(
            lua,
            "local co = coroutine.wrap(function() return twice() end)
             local a = co(); local b, c = co(5); return a, b, c, co(6)"
        ),
        ("first".into(), "second".into(), 5, 6)
    );
    assert_eq!(super::fails(lua, "twice()"), "attempt to yield from outside a coroutine");
    assert!(
        super::fails(lua, "coroutine.wrap(function() table.sort({1, 2}, twice) end)()")
            .contains("attempt to yield across a C-call boundary")
    );
}
