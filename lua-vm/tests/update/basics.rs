//! Functions get new code and stay the objects that they are.

use super::{Host, check, compile};
use lua_vm::Updated;

const COUNTER: &str = "
    local M = {}
    local count = 0
    function M.up() count = count + 1 return count end
    function M.get() return count end
    return M";

#[test]
fn a_function_gets_new_code_and_keeps_its_variable() {
    check(
        COUNTER,
        "up, get = m.up, m.get; keys = { [up] = 'up' }; up() up()",
        "local M = {}
         local count = 1000
         function M.up() count = count + 10 return count end
         function M.get() return 'count', count end
         return M",
        "assert(m.up == up and m.get == get and keys[m.up] == 'up' and package.loaded.m == m)
         local n = select(2, get())
         assert(n % 10 == 2 and n < 1000)
         assert(up() == n + 10 and select(2, m.get()) == n + 10)",
    );
}

#[test]
fn lines_may_move_and_functions_change_places() {
    check(
        COUNTER,
        "up = m.up; up()",
        "-- a comment\n\n\nlocal M = {}\nlocal count = 5\n\nfunction M.get() return count end
         function M.up() count = count + 2 return count end\nreturn M",
        "assert(m.up == up); local n = m.get(); assert(n % 2 == 1 and up() == n + 2)",
    );
}

#[test]
fn every_way_to_define_a_function_names_it() {
    let source = |n: u32| {
        format!(
            "local M = {{ field = function() return {n} end, nested = {{ deep = function() return {n} end, function() return {n} end }} }}
             function M.dotted() return {n} end
             function M:method() return {n} end
             M.assigned = function() return {n} end
             M['key'], M[1] = function() return {n} end, function() return {n} end
             local function l() return {n} end
             local v = function() return {n} end
             M.either = M.none or function() return {n} end
             function global_f() return {n} end
             M.l, M.v, M.g = l, v, global_f
             local hidden = {{}}
             function hidden.f() return {n} end
             M.hidden = hidden.f
             M.wrapped = select(2, 'x', function() return {n} end)
             M.meta = setmetatable({{}}, {{ __call = function() return {n} end }})
             return M"
        )
    };
    let names = "{ 'field', 'dotted', 'method', 'assigned', 'key', 1, 'l', 'v', 'either', 'g', 'hidden', 'wrapped', 'meta' }";
    check(
        &source(1),
        &format!(
            "old = {{}}; for _, k in ipairs {names} do old[k] = m[k]; assert(m[k]() == 1) end; deep, item = m.nested.deep, m.nested[1]"
        ),
        &source(2),
        &format!(
            "for _, k in ipairs {names} do assert(m[k] == old[k] and m[k]() == 2, k) end
             assert(m.nested.deep == deep and deep() == 2 and m.nested[1] == item and item() == 2)
             -- A global function was made again by the chunk; it is the one that it was.
             assert(global_f == old.g)"
        ),
    );
}

#[test]
fn updates_follow_each_other() {
    let source = |n: i32| format!("local M = {{}} local a = {n} function M.f() return a, {n} end function M.set(x) a = x end return M");
    let mut host = Host::new(&source(0));
    host.run("f = m.f; m.set('kept')");
    for n in 1..20 {
        assert_eq!(host.update(&source(n)), Updated { closures: 2, ..Updated::default() });
        host.run(&format!("local a, n = f() assert(f == m.f and a == 'kept' and n == {n})"));
    }
}

#[test]
fn the_same_code_again_changes_nothing() {
    let mut host = Host::new(COUNTER);
    let proto = compile(COUNTER);
    host.run("up = m.up; up() up()");
    for n in 3..6 {
        host.lua.update("m", &proto).unwrap();
        host.run(&format!("assert(m.up == up and up() == {n} and m.get() == {n})"));
    }
}

#[test]
fn code_is_shared_by_vms_and_each_is_updated_on_its_own() {
    let new = compile(&COUNTER.replace("count + 1", "count + 100"));
    let mut hosts: Vec<Host> = (0..10).map(|_| Host::new(COUNTER)).collect();
    for (i, host) in hosts.iter_mut().enumerate() {
        host.run(&format!("for i = 1, {i} do m.up() end"));
        if i % 2 == 0 {
            host.lua.update("m", &new).unwrap();
        }
    }
    for (i, host) in hosts.iter_mut().enumerate() {
        let step = if i % 2 == 0 { 100 } else { 1 };
        host.run(&format!("assert(m.up() == {i} + {step})"));
    }
}

#[test]
fn functions_are_found_wherever_they_are() {
    check(
        "local M = {} local n = 0 function M.f() n = n + 1 return 'old', n end return M",
        "local f = m.f
         keep = { [1] = f, [f] = f, hash = f, deep = { { f } } }
         upvalue = (function() return f end)
         weak = setmetatable({ f }, { __mode = 'k' })
         getmetatable('').__hot = f
         debug.getregistry().hot = f
         debug.setuservalue(io.stdout, f)
         suspended = coroutine.wrap(function() local here = f; coroutine.yield() return here, here() end)
         suspended()
         unstarted = coroutine.wrap(f)",
        "local M = {} local n = 0 function M.f() n = n + 1 return 'new', n end return M",
        "local f = m.f
         assert(keep[1] == f and keep[f] == f and keep.hash == f and keep.deep[1][1] == f and upvalue() == f and weak[1] == f)
         assert(getmetatable('').__hot == f and debug.getregistry().hot == f)
         if suspended then
             local same, new = suspended()
             assert(same == f and new == 'new' and unstarted() == 'new')
             suspended, unstarted = nil, nil
         end
         assert(f() == 'new')",
    );
}
