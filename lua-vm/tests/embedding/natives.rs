//! Library functions in tables of all kinds: what a VM enters in a blank table, later ones copy.

use lua_vm::{Native, Outcome};

use super::{eval, lua};

/// Functions that return their places, from 1.
macro_rules! natives {
    ($($place:literal $name:literal),*) => { [$(Native::new($name, |cx| {
        cx.push_int($place);
        Ok::<Outcome, lua_vm::Error>(cx.returns(1))
    })),*] };
}

/// Libraries with ordinary names, and with names that tables hide or hold as long strings.
static LIBRARIES: [&[Native]; 2] = [
    &natives![1 "one", 2 "two", 3 "three", 4 "four", 5 "five", 6 "eight bytes"],
    &natives![1 "one", 2 "__index", 3 "__mode", 4 "a name of more than forty bytes: a long string"],
];

/// What makes a table.
const KINDS: [&str; 8] = [
    "return {}",
    "return {1, 2, 3}",
    "return {one = 'before'}",
    "return {other = true}",
    "local t = {other = 1} t.other = nil return t",
    "return setmetatable({}, {__mode = 'k'})",
    "return setmetatable({}, {__newindex = error})",
    "local t = {} setmetatable({}, t) return t",
];

/// Whether `made` has the functions of `names` besides the `others` that it had, and takes other fields.
const CHECK: &str = "
    local function check(count)
        for place, name in ipairs(names) do assert(rawget(made, name)() == place, name) end
        local n = 0
        for k in next, made do n = n + 1 end
        assert(n == count, n)
    end
    local count = #names
    for k, v in pairs(others) do
        if rawget(made, k) ~= v then assert(type(rawget(made, k)) == 'function') else count = count + 1 end
    end
    check(count)
    for i = 1, 20 do rawset(made, 'k' .. i, i) check(count + i) end
    for _, name in ipairs(names) do rawset(made, name, nil) assert(rawget(made, name) == nil) end
    collectgarbage()
    for i = 1, 20 do assert(rawget(made, 'k' .. i) == i) end
    for k, v in pairs(others) do assert(k == 'one' or rawget(made, k) == v) end";

#[test]
fn tables_get_the_same_functions_in_every_vm() {
    for vm in 0..4 {
        let lua = &mut lua();
        for (library, room) in LIBRARIES.iter().flat_map(|library| [0, 1, 6, 30].map(|room| (*library, room))) {
            let names: String = library.iter().map(|native| format!("'{}', ", native.name)).collect();
            for kind in KINDS {
                let make = format!(
                    "made = (function() {kind} end)() names = {{{names}}} others = {{}}
                     for k, v in next, made do others[k] = v end"
                );
                eval::<()>(lua, &make);
                lua.with(|cx| {
                    cx.push_globals();
                    cx.get_field(0, "made")?;
                    cx.reserve_fields(1, room)?;
                    cx.set_natives(1, library)
                })
                .unwrap();
                eval::<()>(lua, &format!("-- VM {vm}, room for {room}, {kind}\n{CHECK}"));
            }
        }
    }
}
