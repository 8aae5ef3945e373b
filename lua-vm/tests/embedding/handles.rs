//! Owned handles: tables, functions, any value; where they may be dropped, and where they may not be used.

use std::sync::Arc;

use lua_parse::Compiler;
use lua_vm::{AnyValue, Function, Lua, Table, Value};

use super::{eval, lua};

#[test]
fn tables() {
    let lua = &mut lua();
    let table = lua.create_table().unwrap();
    table.set(lua, "x", 1).unwrap();
    table.set(lua, 2, "two").unwrap();
    table.append(lua, "one").unwrap();
    assert_eq!(table.len(lua).unwrap(), 2);
    assert_eq!(table.raw_len(lua).unwrap(), 2);
    assert_eq!(table.get::<i64>(lua, "x").unwrap(), 1);
    let mut pairs: Vec<(String, String)> = table.pairs(lua).unwrap();
    pairs.sort();
    assert_eq!(pairs, [("1", "one"), ("2", "two"), ("x", "1")].map(|(k, v)| (k.to_owned(), v.to_owned())));
    assert!(table.set(lua, None::<i64>, 1).unwrap_err().to_string().contains("index is nil"));
    assert!(table.raw_set(lua, f64::NAN, 1).unwrap_err().to_string().contains("index is NaN"));
}

#[test]
fn metamethods_and_raw_access() {
    let lua = &mut lua();
    let table: Table = eval(
        lua,
        "return setmetatable({}, {__index = function(_, k) return k .. '!' end, __len = function() return 9 end, __newindex = function() error('locked') end})",
    );
    assert_eq!(table.get::<String>(lua, "k").unwrap(), "k!");
    assert_eq!(table.raw_get::<Option<String>>(lua, "k").unwrap(), None);
    assert_eq!((table.len(lua).unwrap(), table.raw_len(lua).unwrap()), (9, 0));
    assert!(table.set(lua, "k", 1).unwrap_err().to_string().contains("locked"));
    table.raw_set(lua, "k", 1).unwrap();
    let meta = table.metatable(lua).unwrap().unwrap();
    table.set_metatable(lua, None).unwrap();
    assert!(table.metatable(lua).unwrap().is_none());
    let other = lua.create_table().unwrap();
    other.set_metatable(lua, Some(&meta)).unwrap();
    assert_eq!(other.get::<String>(lua, "x").unwrap(), "x!");
}

#[test]
fn traversal_may_clear_and_run_lua() {
    let lua = &mut lua();
    let table: Table = eval(lua, "t = {a = 1, b = 2, c = 3}; return t");
    let f: Function = eval(lua, "return function(k, v) t[k] = nil; return v * 10 end");
    let mut sum = 0;
    table
        .for_each(lua, |cx, key: String, value: i64| {
            sum += f.call::<i64>(cx, (key, value))?;
            Ok(())
        })
        .unwrap();
    assert_eq!(sum, 60);
    assert!(eval::<bool>(lua, "return next(t) == nil"));
}

#[test]
fn functions_and_prototypes() {
    let lua = &mut lua();
    let add: Function = eval(lua, "return function(a, b) return a + b end");
    assert_eq!(add.call::<i64>(lua, (40, 2)).unwrap(), 42);
    let proto = add.proto(lua).unwrap().unwrap();
    let print: Function = lua.globals().get(lua, "print").unwrap();
    assert!(print.proto(lua).unwrap().is_none());

    // The code, not the closure, is what another VM can share.
    let mut other = Lua::new(Arc::new(Compiler)).unwrap();
    let twin = other.instantiate(&proto).unwrap();
    assert_eq!(twin.call::<i64>(&mut other, (1, 2)).unwrap(), 3);
    assert!(Arc::ptr_eq(&twin.proto(&mut other).unwrap().unwrap(), &proto));
}

#[test]
fn any_value_is_looked_at_and_converted() {
    let lua = &mut lua();
    let value: AnyValue = eval(lua, "return 'text'");
    assert!(matches!(value.view(lua).unwrap(), Value::Str(b"text")));
    assert_eq!(value.read::<String>(lua).unwrap(), "text");
    let (a, b): (AnyValue, AnyValue) = eval(lua, "local t = {}; return t, t");
    assert!(a.same(lua, &b).unwrap());
    assert!(!a.same(lua, &value).unwrap());
    assert!(value.clone().same(lua, "text").unwrap());
}

#[test]
fn handles_keep_what_they_hold_alive_and_nothing_else() {
    let lua = &mut lua();
    eval::<()>(lua, "weak = setmetatable({}, {__mode = 'v'}); weak[1] = {}; weak[2] = {}");
    let held: Table = eval(lua, "return weak[1]");
    eval::<()>(lua, "collectgarbage()");
    assert!(eval::<bool>(lua, "return weak[1] ~= nil and weak[2] == nil"));
    let clone = held.clone();
    drop(held);
    eval::<()>(lua, "collectgarbage()");
    assert!(eval::<bool>(lua, "return weak[1] ~= nil"));
    drop(clone);
    eval::<()>(lua, "collectgarbage()");
    assert!(eval::<bool>(lua, "return weak[1] == nil"));
}

#[test]
fn handles_are_dropped_on_any_thread_while_the_vm_runs() {
    let mut lua = lua();
    let handles: Vec<Table> = (0..10_000).map(|_| lua.create_table().unwrap()).collect();
    let before = lua.memory();
    let run = std::thread::scope(|scope| {
        scope.spawn(|| drop(handles));
        scope
            .spawn(|| {
                let sum = eval::<i64>(&mut lua, "local n = 0; for i = 1, 200000 do n = n + #{i} end; return n");
                eval::<()>(&mut lua, "collectgarbage()");
                (sum, lua)
            })
            .join()
            .unwrap()
    });
    let (sum, mut lua) = run;
    assert_eq!(sum, 200_000);
    eval::<()>(&mut lua, "collectgarbage()");
    assert!(lua.memory() < before - 10_000 * 40, "{} of {before}", lua.memory());
}

#[test]
fn a_handle_outlives_its_vm() {
    let mut lua = lua();
    let table = lua.create_table().unwrap();
    let error = lua.run(b"error({})", "=chunk").unwrap_err();
    drop(lua);
    assert_eq!(error.message(), b"(error object is a table value)");
    drop(table);
}

#[test]
fn a_handle_of_another_vm_is_refused() {
    let (a, b) = (&mut lua(), &mut lua());
    let table = a.create_table().unwrap();
    let function: Function = eval(a, "return print");
    let any: AnyValue = eval(a, "return 1");
    let object = a.create_userdata(super::userdata::Counter(1)).unwrap();
    let expected = "handle of another VM";
    assert_eq!(table.set(b, 1, 1).unwrap_err().to_string(), expected);
    assert_eq!(table.len(b).unwrap_err().to_string(), expected);
    assert_eq!(function.call::<()>(b, ()).unwrap_err().to_string(), expected);
    assert_eq!(any.view(b).unwrap_err().to_string(), expected);
    assert_eq!(object.borrow::<super::userdata::Counter>(b).map(|_| ()).unwrap_err().to_string(), expected);
    // As a value too, in whatever it is part of.
    let globals = b.globals();
    assert_eq!(globals.set(b, "x", &table).unwrap_err().to_string(), expected);
    assert_eq!(globals.set(b, "x", vec![Some(table)]).unwrap_err().to_string(), expected);
}
