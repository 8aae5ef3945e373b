//! Conversions both ways, and the messages where a value does not fit.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use lua_vm::{ConversionError, FromLua, HeldStr, IntoLua, Lua, Rest};

use super::{eval, fails, lua};

/// A Rust value goes into Lua, where `chunk` (which sees it as `...`) checks it, and comes back equal.
fn check<T: IntoLua + FromLua + Clone + PartialEq + Debug>(lua: &mut Lua, value: T, chunk: &str) {
    let test = lua.load(format!("local v = ...; return v, {chunk}").as_bytes(), "=check").unwrap();
    let (back, holds): (T, bool) = test.call(lua, value.clone()).unwrap();
    assert_eq!(back, value);
    assert!(holds, "{chunk} of {value:?}");
}

#[test]
fn values_survive_the_way_there_and_back() {
    let lua = &mut lua();
    check(lua, true, "v == true");
    check(lua, false, "v == false");
    check(lua, -128i8, "v == -128");
    check(lua, 255u8, "v == 255");
    check(lua, i64::MIN, "v == math.mininteger");
    check(lua, i64::MAX as u64, "v == math.maxinteger");
    check(lua, 7usize, "math.type(v) == 'integer'");
    check(lua, 0.5f64, "v == 0.5");
    check(lua, 3.0f32, "math.type(v) == 'float'");
    check(lua, String::from("größe"), "v == 'gr\\u{f6}\\u{df}e'");
    check(lua, vec![0u8, 255, 10], "v == '\\0\\255\\n'");
    check(lua, None::<i64>, "v == nil");
    check(lua, Some(3), "v == 3");
    check(lua, vec![1i64, 2, 3], "#v == 3 and v[3] == 3");
    check(lua, vec![vec!["a".to_owned()], vec![]], "v[1][1] == 'a' and #v[2] == 0");
    check(lua, HashMap::from([("x".to_owned(), 1.5), ("y".to_owned(), 2.5)]), "v.x == 1.5 and v.y == 2.5");
    check(lua, BTreeMap::from([(1i64, true), (10, false)]), "v[1] == true and v[10] == false");
}

#[test]
fn borrowed_text_and_lists_go_in() {
    let lua = &mut lua();
    let globals = lua.globals();
    globals.set(lua, "a", "text").unwrap();
    globals.set(lua, "b", &b"\xff"[..]).unwrap();
    globals.set(lua, "c", [1, 2]).unwrap();
    globals.set(lua, "d", ["x", "y"]).unwrap();
    assert!(eval::<bool>(lua, "return a == 'text' and b == '\\xff' and c[2] == 2 and d[2] == 'y'"));
    let held: HeldStr = eval(lua, "return 'held'");
    globals.set(lua, "a", &held).unwrap();
    assert_eq!(eval::<String>(lua, "return a"), "held");
}

#[test]
fn numbers_convert_as_in_lua() {
    let lua = &mut lua();
    assert_eq!(eval::<i64>(lua, "return 3.0"), 3);
    assert_eq!(eval::<i64>(lua, "return ' 0x10 '"), 16);
    assert_eq!(eval::<f64>(lua, "return 3"), 3.0);
    assert_eq!(eval::<String>(lua, "return 1.5"), "1.5");
    assert_eq!(eval::<Vec<u8>>(lua, "return -7"), b"-7");
}

#[test]
fn several_values() {
    let lua = &mut lua();
    assert_eq!(eval::<(i64, Option<String>, Option<bool>)>(lua, "return 1, 'two'"), (1, Some("two".into()), None));
    assert_eq!(eval::<(i64, Rest<i64>)>(lua, "return 1, 2, 3"), (1, Rest(vec![2, 3])));
    assert_eq!(eval::<Rest<String>>(lua, "return"), Rest(vec![]));
    eval::<()>(lua, "return 1, 2");
    let count = lua.load(b"return select('#', ...)", "=count").unwrap();
    assert_eq!(count.call::<i64>(lua, ()).unwrap(), 0);
    assert_eq!(count.call::<i64>(lua, (1, "x", None::<bool>)).unwrap(), 3);
    assert_eq!(count.call::<i64>(lua, (1, (0..300).collect::<Rest<i64>>())).unwrap(), 301);
    assert_eq!(eval::<Rest<i64>>(lua, "return table.unpack({}, 1, 0)"), Rest(vec![]));
}

/// Reading the result of `chunk` as a `T` fails with this message.
fn misfit<T: FromLua + Debug>(lua: &mut Lua, chunk: &str, message: &str) {
    let e = lua.load(chunk.as_bytes(), "=chunk").unwrap().call::<T>(lua, ()).unwrap_err();
    assert_eq!(e.to_string(), format!("bad result #1 ({message})"), "{chunk}");
    assert!(e.cause().is_some_and(|cause| cause.is::<ConversionError>()), "{chunk}");
}

#[test]
fn what_does_not_fit_is_refused() {
    let lua = &mut lua();
    misfit::<u8>(lua, "return 256", "integer out of range (Lua to u8)");
    misfit::<u64>(lua, "return -1", "integer out of range (Lua to u64)");
    misfit::<i64>(lua, "return 1.5", "number has no integer representation");
    misfit::<i64>(lua, "return {}", "number expected, got table");
    misfit::<bool>(lua, "return 1", "boolean expected, got number");
    misfit::<bool>(lua, "return", "boolean expected, got no value");
    misfit::<String>(lua, "return '\\xff'", "string is not valid UTF-8");
    misfit::<Vec<i64>>(lua, "return {1, {}}", "item 2: number expected, got table");
    misfit::<Vec<Vec<i64>>>(lua, "return {{1}, {1, true}}", "item 2: item 2: number expected, got boolean");
    misfit::<HashMap<String, i64>>(lua, "return {x = 'y'}", "value: number expected, got string");
    misfit::<HashMap<i64, i64>>(lua, "return {x = 1}", "key: number expected, got string");
    misfit::<lua_vm::Table>(lua, "return setmetatable({}, {__name = 'X'}) and print", "table expected, got function");
    let e = lua.globals().set(lua, "x", u64::MAX).unwrap_err();
    assert_eq!(e.to_string(), "integer out of range (u64 to Lua)");
}

#[test]
fn arguments_are_named_as_in_the_reference() {
    let lua = &mut lua();
    let f = lua.create_function(|_, (a, b): (i64, Option<String>)| Ok(a + b.map_or(0, |b| b.len() as i64))).unwrap();
    lua.globals().set(lua, "f", &f).unwrap();
    assert_eq!(eval::<i64>(lua, "return f(1, 'two')"), 4);
    assert_eq!(eval::<i64>(lua, "return f(1, nil, 'ignored')"), 1);
    assert_eq!(fails(lua, "f()"), "chunk:1: bad argument #1 to 'f' (number expected, got no value)");
    assert_eq!(fails(lua, "f(1, {})"), "chunk:1: bad argument #2 to 'f' (string expected, got table)");
    assert_eq!(fails(lua, "local o = {m = f}; o:m()"), "chunk:1: calling 'm' on bad self (number expected, got table)");
}

#[test]
fn a_list_with_a_border_at_the_end_of_the_world_is_short() {
    let lua = &mut lua();
    // Every power of two is there, so `#` may answer 2^62.
    let list: Vec<i64> = eval(lua, "local t = {1, 1, 1, 1}; for i = 3, 62 do t[1 << i] = 1 end; return t");
    assert_eq!(list, [1, 1, 1, 1]);
}

#[test]
fn keys_are_not_converted_in_the_table() {
    let lua = &mut lua();
    let map: BTreeMap<String, i64> = eval(lua, "t = {[1] = 1, [2.5] = 2, x = 3}; return t");
    assert_eq!(map.keys().collect::<Vec<_>>(), ["1", "2.5", "x"]);
    assert_eq!(eval::<i64>(lua, "local n = 0; for k in pairs(t) do n = n + (type(k) == 'number' and 1 or 0) end; return n"), 2);
}
