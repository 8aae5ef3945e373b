//! Rust types with methods and metamethods.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use lua_vm::{Cx, Error, Function, Methods, Userdata, UserdataHandle};

use super::{eval, fails, lua};

pub(super) struct Counter(pub(super) i64);

impl Userdata for Counter {
    const NAME: &'static str = "Counter";

    fn register(methods: &mut Methods<'_, '_, Counter>) -> Result<(), Error> {
        methods.method("get", |this, ()| Ok(this.0))?;
        methods.method_mut("add", |this, by: i64| {
            this.0 += by;
            Ok(this.0)
        })?;
        methods.function("each", |cx, (_, f): (UserdataHandle, Function)| {
            let n = cx.object::<Counter>(0)?.0;
            for i in 1..=n {
                f.call::<()>(cx, i)?;
            }
            Ok(())
        })?;
        methods.constant("unit", "pieces")?;
        methods.method("__tostring", |this, ()| Ok(format!("Counter({})", this.0)))?;
        methods.method("__len", |this, ()| Ok(this.0))?;
        methods.method("__call", |this, (a, b): (i64, Option<i64>)| Ok((this.0, a, b)))?;
        methods.function("__add", add)?;
        methods.function("__eq", |cx, ()| Ok(cx.object::<Counter>(0)?.0 == cx.object::<Counter>(1)?.0))
    }
}

/// A counter and a number, or the other way round, or two counters.
fn add(cx: &mut Cx<'_>, (): ()) -> Result<Counter, Error> {
    let mut sum = 0;
    for slot in 0..2 {
        sum += match cx.userdata::<Counter>(slot) {
            Some(counter) => counter.0,
            None => cx.argument(slot)?,
        };
    }
    Ok(Counter(sum))
}

#[test]
fn methods_and_metamethods() {
    let lua = &mut lua();
    let new = lua.create_function(|_, n: i64| Ok(Counter(n))).unwrap();
    lua.globals().set(lua, "new", &new).unwrap();
    assert_eq!(eval::<i64>(lua, "local c = new(5); c:add(2); return c:get()"), 7);
    assert_eq!(eval::<String>(lua, "return tostring(new(5))"), "Counter(5)");
    assert_eq!(eval::<i64>(lua, "return #new(5)"), 5);
    assert_eq!(eval::<i64>(lua, "return (1 + new(5) + new(6) + 2):get()"), 14);
    assert_eq!(eval::<(i64, i64, Option<i64>)>(lua, "return new(5)(6)"), (5, 6, None));
    assert!(eval::<bool>(lua, "return new(5) == new(5) and new(5) ~= new(6)"));
    assert_eq!(eval::<i64>(lua, "local s = 0; new(4):each(function(i) s = s + i end); return s"), 10);
    assert_eq!(eval::<String>(lua, "return new(1).unit"), "pieces");
    assert!(eval::<bool>(lua, "return new(1).nothing == nil"));
}

#[test]
fn wrong_objects_and_arguments() {
    let lua = &mut lua();
    let new = lua.create_function(|_, n: i64| Ok(Counter(n))).unwrap();
    lua.globals().set(lua, "new", &new).unwrap();
    assert_eq!(fails(lua, "new(1).get(2)"), "chunk:1: bad argument #1 to 'get' (Counter expected, got number)");
    assert_eq!(fails(lua, "new(1).get(io.stdout)"), "chunk:1: bad argument #1 to 'get' (Counter expected, got FILE*)");
    assert_eq!(fails(lua, "new(1):add({})"), "chunk:1: bad argument #1 to 'add' (number expected, got table)");
    assert_eq!(fails(lua, "new(1).x = 1"), "chunk:1: attempt to index a Counter value");
    assert_eq!(fails(lua, "return new(1) < new(2)"), "chunk:1: attempt to compare two Counter values");
}

#[test]
fn a_host_borrows_the_rust_value() {
    let lua = &mut lua();
    let counter = lua.create_userdata(Counter(1)).unwrap();
    lua.globals().set(lua, "c", &counter).unwrap();
    eval::<()>(lua, "c:add(1)");
    counter.borrow_mut::<Counter>(lua).unwrap().0 += 40;
    assert_eq!(eval::<i64>(lua, "return c:get()"), 42);
    assert_eq!(counter.borrow::<Counter>(lua).unwrap().0, 42);
    assert!(counter.borrow::<String>(lua).is_err());
    let double = lua
        .create_function(|cx, object: UserdataHandle| {
            object.borrow_mut_in::<Counter>(cx)?.0 *= 2;
            Ok(object.borrow_in::<Counter>(cx)?.0)
        })
        .unwrap();
    assert_eq!(double.call::<i64>(lua, &counter).unwrap(), 84);
}

#[test]
fn one_metatable_for_each_type_in_each_vm() {
    struct Other;
    impl Userdata for Other {
        const NAME: &'static str = "Counter";
    }
    let lua = &mut lua();
    let make = lua.create_function(|_, ()| Ok((Counter(1), Counter(2), Other))).unwrap();
    lua.globals().set(lua, "make", &make).unwrap();
    assert!(eval::<bool>(lua, "local a, b, c = make(); return getmetatable(a) == getmetatable(b) and getmetatable(a) ~= getmetatable(c)"));
    assert_eq!(fails(lua, "local a, b, c = make(); a.get(c)"), "chunk:1: bad argument #1 to 'get' (Counter expected, got Counter)");
}

#[test]
fn the_rust_value_is_dropped_once() {
    struct Counted(Arc<AtomicUsize>);
    impl Drop for Counted {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    impl Userdata for Counted {
        const NAME: &'static str = "Counted";
    }
    let dropped = Arc::new(AtomicUsize::new(0));
    let mut lua = lua();
    let shared = Arc::clone(&dropped);
    let make = lua.create_function(move |_, ()| Ok(Counted(Arc::clone(&shared)))).unwrap();
    lua.globals().set(&mut lua, "make", &make).unwrap();
    eval::<()>(&mut lua, "for _ = 1, 100 do make() end; kept = make(); collectgarbage()");
    assert_eq!(dropped.load(Ordering::Relaxed), 100);
    drop((make, lua));
    assert_eq!(dropped.load(Ordering::Relaxed), 101);
    assert_eq!(Arc::strong_count(&dropped), 1);
}

#[test]
fn a_registration_that_fails_is_tried_again() {
    static TRIES: AtomicUsize = AtomicUsize::new(0);
    struct Picky;
    impl Userdata for Picky {
        const NAME: &'static str = "Picky";

        fn register(methods: &mut Methods<'_, '_, Picky>) -> Result<(), Error> {
            if TRIES.fetch_add(1, Ordering::Relaxed) == 0 {
                return Err(Error::text("not today"));
            }
            methods.method("ok", |_, ()| Ok(true))
        }
    }
    let lua = &mut lua();
    assert_eq!(lua.create_userdata(Picky).unwrap_err().to_string(), "not today");
    let picky = lua.create_userdata(Picky).unwrap();
    lua.globals().set(lua, "p", picky).unwrap();
    assert!(eval::<bool>(lua, "return p:ok()"));
    lua.create_userdata(Picky).unwrap();
    assert_eq!(TRIES.load(Ordering::Relaxed), 2);
}
