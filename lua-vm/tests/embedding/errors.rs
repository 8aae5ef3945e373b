//! Errors that leave the VM: value, cause and traceback. Panics.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lua_vm::{Error, Table};

use super::{eval, fails, lua};

#[derive(Debug, thiserror::Error, PartialEq)]
#[error("no such account: {0}")]
struct NoAccount(u32);

#[test]
fn the_value_comes_along() {
    let lua = &mut lua();
    let e = lua.run(b"error({code = 7})", "=chunk").unwrap_err();
    assert_eq!(e.message(), b"(error object is a table value)");
    let value: Table = e.value(lua).unwrap().read(lua).unwrap();
    assert_eq!(value.get::<i64>(lua, "code").unwrap(), 7);
    let e = lua.run(b"error('text', 0)", "=chunk").unwrap_err();
    assert_eq!(e.value(lua).unwrap().read::<String>(lua).unwrap(), "text");
    let e = lua.run(b"error()", "=chunk").unwrap_err();
    assert_eq!(e.value(lua).unwrap().read::<Option<String>>(lua).unwrap(), None);
}

#[test]
fn the_cause_comes_along_through_lua() {
    let lua = &mut lua();
    let f = lua.create_function(|_, id: u32| Err::<(), _>(Error::external(NoAccount(id)))).unwrap();
    lua.globals().set(lua, "f", f).unwrap();
    let e = lua.run(b"local function g() f(12) end; g()", "=chunk").unwrap_err();
    assert_eq!(e.to_string(), "no such account: 12");
    assert_eq!(e.cause().and_then(|cause| cause.downcast_ref()), Some(&NoAccount(12)));
    assert!(std::error::Error::source(&e).is_some());
    assert_eq!(eval::<String>(lua, "return select(2, pcall(f, 3))"), "no such account: 3");
}

#[test]
fn the_traceback_is_of_where_it_was_raised() {
    let lua = &mut lua();
    let e =
        lua.run(b"local function inner()\n error('oops')\nend\nfunction outer()\n inner()\n return 1\nend\nouter()", "=chunk").unwrap_err();
    let traceback = String::from_utf8(e.traceback().unwrap().to_vec()).unwrap();
    assert_eq!(
        traceback,
        "stack traceback:\n\t[C]: in function 'error'\n\tchunk:2: in upvalue 'inner'\n\tchunk:5: in function 'outer'\n\tchunk:8: in main chunk"
    );
    // Through a call from Rust, whose frame is in it.
    let e = lua.run(b"table.sort({1, 2, 3}, function(a, b) return a.x < b end)", "=chunk").unwrap_err();
    assert_eq!(e.message(), b"chunk:1: attempt to index a number value (local 'a')");
    let traceback = String::from_utf8_lossy(e.traceback().unwrap()).into_owned();
    assert!(traceback.contains("in function 'table.sort'"), "{traceback}");
}

#[test]
fn an_error_that_was_caught_has_no_traceback() {
    let lua = &mut lua();
    let e = lua
        .with(|cx| {
            cx.load(b"error('caught')", b"=chunk", lua_proto::ChunkMode::Both)?;
            cx.pcall(0, 0)
        })
        .unwrap_err();
    assert_eq!(e.message(), b"chunk:1: caught");
    assert!(e.traceback().is_none());
    // Raised again, it has that of the second time.
    let e = lua.run(b"local ok, e = pcall(error, 'x', 0)\nerror(e, 0)", "=chunk").unwrap_err();
    assert!(String::from_utf8_lossy(e.traceback().unwrap()).contains("chunk:2: in main chunk"));
}

#[test]
fn syntax_errors() {
    let lua = &mut lua();
    assert_eq!(lua.load(b"x =", "=chunk").unwrap_err().to_string(), "chunk:1: unexpected symbol near <eof>");
    assert_eq!(lua.load(b"x = }", "@dir/file.lua").unwrap_err().to_string(), "dir/file.lua:1: unexpected symbol near '}'");
}

#[test]
fn an_error_of_another_vm_is_its_text() {
    let (lua, inner) = (&mut lua(), std::sync::Mutex::new(lua()));
    let run = lua.create_function(move |_, ()| inner.lock().unwrap().run(b"error({})", "=inner")).unwrap();
    lua.globals().set(lua, "run", run).unwrap();
    let (ok, message): (bool, String) = eval(lua, "return pcall(run)");
    assert_eq!((ok, message.as_str()), (false, "(error object is a table value)"));
    assert_eq!(fails(lua, "local x <close> = setmetatable({}, {__close = function(_, e) seen = e end}); run()"), message);
    assert_eq!(eval::<String>(lua, "return seen"), message);
}

#[test]
fn a_panic_goes_through_and_the_vm_goes_on() {
    let lua = &mut lua();
    let f = lua.create_function(|_, depth: i64| if depth == 0 { panic!("deep") } else { Ok(depth) }).unwrap();
    lua.globals().set(lua, "f", f).unwrap();
    for chunk in [
        "f(0)",
        "pcall(f, 0)",
        "table.sort({1, 2}, function() f(0) end)",
        "coroutine.wrap(f)(0)",
        "local x <close> = setmetatable({}, {__close = print}); f(0)",
    ] {
        let panic = catch_unwind(AssertUnwindSafe(|| lua.run(chunk.as_bytes(), "=chunk"))).unwrap_err();
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"deep"), "{chunk}");
        assert_eq!(eval::<i64>(lua, "local s = 0; for i = 1, 100 do s = s + f(i) end; return s"), 5050, "after {chunk}");
    }
}

#[test]
fn a_panic_at_the_bottom_drops_its_slots() {
    let lua = &mut lua();
    for _ in 0..3 {
        let panic = catch_unwind(AssertUnwindSafe(|| {
            lua.with(|cx| -> Result<(), Error> {
                cx.push_table(0, 0)?;
                cx.push_str("left behind")?;
                panic!("bottom")
            })
        }));
        assert!(panic.is_err());
        assert_eq!(lua.with(|cx| Ok(cx.top())).unwrap(), 0);
        assert_eq!(eval::<i64>(lua, "return 1 + 1"), 2);
    }
}

#[test]
fn a_panic_while_a_userdata_is_dropped_stays_there() {
    struct Loud;
    impl Drop for Loud {
        fn drop(&mut self) {
            panic!("loud");
        }
    }
    let mut lua = lua();
    lua.with(|cx| cx.push_userdata(Loud, 0)).unwrap();
    eval::<()>(&mut lua, "collectgarbage(); collectgarbage()");
    lua.with(|cx| cx.push_userdata(Loud, 0)).unwrap();
    drop(lua);
}
