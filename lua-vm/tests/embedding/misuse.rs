//! Host functions that break the rules of `Cx` in safe code: an error or nil, never anything undefined.

use std::cell::Cell;

use lua_vm::{Cx, Error, Native, Outcome, Resumed};

use super::{eval, fails, lua};

thread_local! {
    /// An outcome that a host function kept for another one.
    static KEPT: Cell<Option<Outcome>> = const { Cell::new(None) };
}

fn done(cx: &mut Cx<'_>, _: Resumed) -> Result<Outcome, Error> {
    Ok(cx.returns(cx.top()))
}

/// Wants the last `n` results of a longer stack.
static RETURNS: Native = Native::new("returns", |cx| {
    for _ in 0..50 {
        cx.push_int(1);
    }
    let outcome = cx.returns(50);
    cx.set_top(0)?;
    Ok(outcome)
});

/// Calls with more arguments than there are.
static CALLS: Native = Native::new("calls", |cx| {
    assert!(cx.call(3, 0).is_err());
    assert!(cx.pcall(u32::MAX, 0).is_err());
    Ok(cx.call_k(100, 0, 0, done))
});

static TAIL_CALLS: Native = Native::new("tail_calls", |cx| Ok(cx.tail_call(7)));

/// Waits with a long stack and returns with a short one.
static SHRINKS: Native = Native::new("shrinks", |cx| {
    cx.push_slot(0);
    for _ in 0..60 {
        cx.push_nil();
    }
    cx.push_slot(0);
    let outcome = cx.pcall_k(0, -1, Some(40), 0, done);
    cx.set_top(1)?;
    Ok(outcome)
});

/// Says that it waits, and fails instead: nothing is caught.
static FAILS: Native = Native::new("fails", |cx| {
    for _ in 0..60 {
        cx.push_nil();
    }
    let _ = cx.pcall_k(0, 0, Some(u32::MAX), 0, done);
    cx.set_top(0)?;
    Err(cx.error(format_args!("on purpose")))
});

/// Yields where that is impossible, by an outcome from elsewhere.
static KEEPS: Native = Native::new("keeps", |cx| {
    let outcome = cx.yield_k(0, 0, None)?;
    KEPT.set(Some(outcome));
    Ok(cx.returns(0))
});
static YIELDS: Native = Native::new("yields", |cx| KEPT.get().ok_or_else(|| cx.error(format_args!("nothing kept"))));

/// Resumes what is no coroutine any more.
static RESUMES: Native = Native::new("resumes", |cx| {
    let outcome = cx.resume_k(0, 0, 0, done);
    cx.push_int(1);
    cx.insert(0);
    cx.set_top(1)?;
    Ok(outcome)
});

/// Wants more results than the stack has room for.
static WANTS: Native = Native::new("wants", |cx| {
    cx.push_slot(0);
    cx.call(0, 5_000)?;
    assert_eq!(cx.top(), 5_001);
    cx.set_top(1)?;
    cx.push_slot(0);
    Ok(cx.call_k(0, 5_000, 0, |cx, _| {
        assert_eq!(cx.top(), 5_001);
        cx.push_int(cx.top().into());
        Ok(cx.returns(1))
    }))
});

/// Slots that are not there.
static SLOTS: Native = Native::new("slots", |cx| {
    cx.copy(90, 91);
    cx.insert(50);
    cx.remove(1_000);
    cx.rotate(77, -3);
    cx.pop(1_000);
    cx.set_upvalue(3);
    cx.push_upvalue(9);
    assert!(cx.get_index(1_000).is_err());
    assert!(cx.set_index(1_000).is_err());
    assert!(cx.raw_set(1_000).is_err());
    assert!(cx.len(1_000).is_err());
    assert!(!cx.next(1_000).is_ok_and(|more| more));
    assert!(cx.userdata::<u8>(3).is_none());
    cx.set_top(0)?;
    cx.raw_get(5);
    let _ = cx.throw_value();
    let _ = cx.throw_value();
    cx.set_top(0)?;
    Ok(cx.returns(u32::MAX))
});

#[test]
fn outcomes_that_do_not_fit_are_errors() {
    let lua = &mut lua();
    lua.with(|cx| {
        cx.push_globals();
        for native in [&RETURNS, &CALLS, &TAIL_CALLS, &SHRINKS, &FAILS, &KEEPS, &YIELDS, &RESUMES, &WANTS, &SLOTS] {
            cx.push_native(native);
            cx.raw_set_str(0, native.name)?;
        }
        Ok(())
    })
    .unwrap();
    let refused = "host function asked for what it cannot have";
    for (chunk, message) in [
        ("returns()", refused),
        ("calls()", refused),
        ("tail_calls()", refused),
        ("shrinks(print)", refused),
        ("fails()", "on purpose"),
        ("coroutine.wrap(keeps)(); yields()", refused),
        ("coroutine.wrap(function() table.sort({1, 2}, yields) end)()", refused),
        ("resumes(coroutine.create(print))", refused),
    ] {
        assert!(fails(lua, chunk).contains(message), "{chunk}: {}", fails(lua, chunk));
        let caught = format!("local ok, e = pcall(function() {chunk} end); return not ok and e");
        assert!(eval::<String>(lua, &caught).contains(message), "{chunk}");
        eval::<()>(lua, "collectgarbage()");
    }
    assert_eq!(eval::<i64>(lua, "return wants(function() return 1, 2 end)"), 5_001);
    assert_eq!(eval::<i64>(lua, "return select('#', slots(1, 2, 3))"), 0);
}

#[test]
fn closures_may_be_entered_again_if_they_share() {
    let lua = &mut lua();
    // `Fn`: it may.
    let f = lua
        .create_function(|cx, (n, f): (i64, lua_vm::Function)| if n == 0 { Ok(0) } else { Ok(n + f.call::<i64>(cx, (n - 1, &f))?) })
        .unwrap();
    assert_eq!(f.call::<i64>(lua, (10, &f)).unwrap(), 55);
    // `FnMut`: it gets an error, and works afterwards.
    let mut count = 0;
    lua.with(|cx| {
        cx.push_globals();
        cx.push_rust_closure(move |cx| {
            count += 1;
            if cx.top() > 0 {
                cx.call(0, 0)?;
            }
            cx.push_int(count);
            Ok(cx.returns(1))
        })?;
        cx.set_field(0, "once")
    })
    .unwrap();
    assert!(fails(lua, "once(function() once() end)").contains("called recursively"));
    assert_eq!(eval::<i64>(lua, "return once()"), 2);
}

#[test]
fn a_closure_lives_while_it_runs() {
    let lua = &mut lua();
    let text = "captured".repeat(100);
    let f = lua
        .create_function(move |cx, collect: lua_vm::Function| {
            collect.call::<()>(cx, ())?;
            Ok(text.clone())
        })
        .unwrap();
    lua.globals().set(lua, "f", f).unwrap();
    let result: String = eval(
        lua,
        "local g = f; f = nil; local function run() local h = g; g = nil; return h(function() collectgarbage(); collectgarbage() end) end; return run()",
    );
    assert_eq!(result, "captured".repeat(100));
}

#[test]
fn warnings_may_panic() {
    let lua = &mut lua();
    lua.set_warn(|_, _| panic!("warn"));
    eval::<()>(lua, "warn('@on'); warn('x'); setmetatable({}, {__gc = function() error('late') end}); collectgarbage()");
    assert_eq!(eval::<i64>(lua, "return 1"), 1);
}
