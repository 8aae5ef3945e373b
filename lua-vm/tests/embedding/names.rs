//! Strings that a VM made itself, and equal ones that come from the pool: constants, and names that become fixed meanwhile.

use super::{eval, lua};

/// Makes `text` at run time, keeps it as the global `made`, and uses it as a key of the global `t`.
const MAKE: &str = "made = string.rep('x', 3) .. ... t = {[made] = 1}";

#[test]
fn a_name_that_becomes_fixed_equals_a_string_made_before() {
    for in_use in [false, true] {
        let lua = &mut lua();
        let name: &'static str = format!("xxx_fixed_{in_use}").leak();
        if in_use {
            let make = lua.load(MAKE.as_bytes(), "=make").unwrap();
            make.call::<()>(lua, &name[3..]).unwrap();
        } else {
            lua.run(b"t = {}", "=none").unwrap();
        }
        // Another VM makes the name fixed; then this one enters it in a table.
        super::lua().with(|cx| cx.push_name(name.as_bytes())).unwrap();
        lua.with(|cx| {
            cx.push_globals();
            cx.get_field(0, "t")?;
            cx.push_int(2);
            cx.raw_set_name(1, name)
        })
        .unwrap();
        let chunk = format!("local n = 0 for k, v in pairs(t) do n = n + v assert(k == '{name}') end return n, t.{name}");
        assert_eq!(eval::<(i64, i64)>(lua, &chunk), (2, 2), "{chunk}");
        let after = &mut super::lua();
        assert!(eval::<bool>(after, &format!("local t = {{{name} = 1}} return t['xxx' .. '{}'] == 1", &name[3..])));
    }
}

#[test]
fn constants_equal_strings_made_before_the_function_was_linked() {
    let lua = &mut lua();
    let names: Vec<String> = (0..200).map(|n| format!("made_{n}")).collect();
    eval::<()>(lua, "made = {} for n = 0, 199, 2 do local s = 'ma' .. 'de_' .. n made[s] = n end");
    let reads: String = names.iter().map(|name| format!("s = s + (made.{name} or 1000)\n")).collect();
    // Several times in one function: through the inline caches, too.
    let chunk = format!("local s = 0 for i = 1, 20 do {reads} end return s");
    let expected: i64 = (0..200).map(|n| if n % 2 == 0 { n } else { 1000 }).sum();
    assert_eq!(eval::<i64>(lua, &chunk), 20 * expected);
    for name in &names {
        assert!(eval::<bool>(lua, &format!("local s = 'ma' .. ('{}') return s == '{name}' and rawequal(s, '{name}')", &name[2..])));
    }
}
