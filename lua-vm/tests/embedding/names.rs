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

/// A function with a thousand constants, of which the VM has made `made_0` itself; what it returns tells them apart.
fn with_many_constants() -> String {
    let items: String = (0..500).map(|n| format!("'made_{n}', {n}.5, ")).collect();
    format!(
        "made = 'ma' .. 'de_0'
         function big(depth)
             local list = {{{items}}}
             if depth > 0 then
                 if coroutine.isyieldable() then coroutine.yield(list[1]) end
                 assert(select(2, pcall(big, depth - 1)) == #list)
             end
             assert(list[1] == made and list[1000] == 499.5)
             return #list
         end"
    )
}

#[test]
fn constants_of_its_own_go_when_the_only_call_of_a_function_has_returned() {
    let lua = &mut lua();
    eval::<()>(lua, &with_many_constants());
    eval::<()>(lua, "package.preload.big = function() return big(0) end collectgarbage()");
    let before = lua.memory();
    eval::<()>(lua, "assert(require 'big' == 1000) collectgarbage()");
    assert!(lua.memory() < before + 4000, "{} bytes more", lua.memory() - before);
    // Called again, by itself, from coroutines that rest in it, and with errors.
    for _ in 0..3 {
        let chunk = "
            local threads = {}
            for i = 1, 3 do
                threads[i] = coroutine.wrap(function() return select(2, pcall(big, i)) end)
                assert(threads[i]() == made)
            end
            assert(big(0) == 1000 and select(2, pcall(big, 2)) == 1000)
            assert(not pcall(big, {}))
            collectgarbage()
            for i = 3, 1, -1 do
                local result
                repeat result = threads[i]() until result ~= made
                assert(result == 1000)
            end";
        eval::<()>(lua, chunk);
    }
}
