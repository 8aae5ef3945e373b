//! Calls that run while their function gets new code.

use super::{Host, check};

const STEPS: &str = "
    local M = {}
    local log = {}
    local count = 0
    function M.steps(...)
        for i = 1, 3 do
            count = count + 1
            log[#log + 1] = 'old' .. i .. (... or '')
            coroutine.yield(i)
        end
        return 'end', count
    end
    function M.log() return table.concat(log, ' ') end
    return M";

const NEW_STEPS: &str = "
    local M = {}
    local extra, log, count = 'x', {}, 0
    function M.steps(...)
        count = count + 100
        extra = extra .. '!'
        log[#log + 1] = 'new' .. extra
        return 'new', count
    end
    function M.log() return extra, table.concat(log, ' ') end
    return M";

#[test]
fn a_suspended_call_ends_with_the_old_code_and_the_variables_that_all_have() {
    for (prefix, given) in [("", ""), ("...", "'v'")] {
        let _ = prefix;
        let mut host = Host::new(STEPS);
        host.run(&format!("co = coroutine.wrap(m.steps); assert(co({given}) == 1); steps = m.steps"));
        let updated = host.update(NEW_STEPS);
        assert_eq!((updated.closures, updated.running), (2, 1));
        host.run(
            "assert(m.steps() == 'new' and select(2, m.steps()) == 201)
             assert(co() == 2 and co() == 3)
             local what, count = co()
             assert(what == 'end' and count == 203)
             local extra, text = m.log() assert(extra == 'x!!')
             assert(text:match 'old1.* newx! newx!! old2.* old3', text)",
        );
        assert!(host.lua.outdated().is_empty());
    }
}

#[test]
fn debug_shows_the_function_for_a_call_with_old_code() {
    check(
        STEPS,
        "steps = m.steps; co = coroutine.create(steps); coroutine.resume(co, 'v')",
        NEW_STEPS,
        "if coroutine.status(co) == 'suspended' then
             assert(debug.getinfo(co, 1, 'f').func == steps and debug.getinfo(co, 1, 'l').currentline == 9)
             local found = false
             for i = 1, 20 do local n, v = debug.getlocal(co, 1, i) if n == 'i' then found = v == 1 end end
             assert(found and debug.traceback(co):find 'm.lua:9')
             assert(select(2, debug.getlocal(co, 1, -1)) == 'v')
             while coroutine.status(co) == 'suspended' do coroutine.resume(co) end
         end",
    );
}

#[test]
fn a_module_updates_itself() {
    let source = |n: u32| {
        format!(
            "local M = {{}}
             local kept, calls = 0, 0
             function M.run(update, depth)
                 calls = calls + 1
                 if depth > 0 then
                     local result, inner = M.run(update, depth - 1)
                     return {n}, inner, result
                 end
                 local old = M.run
                 if update then update() end
                 assert(old == M.run and debug.getinfo(1, 'f').func == old)
                 calls = calls + 1
                 return {n}, update and M.run(nil, 0)
             end
             function M.calls() return calls end
             return M"
        )
    };
    let mut host = Host::new(&source(1));
    let new = super::compile(
        &source(2)
            .replace("kept, calls = 0, 0", "more, calls, kept = {}, 0, 0")
            .replace("calls = calls + 1", "more[1] = calls calls = calls + 1"),
    );
    let update = host
        .lua
        .create_function(move |cx, ()| {
            cx.update(&[lua_vm::ModuleUpdate::new("m", &new)]).map_err(lua_vm::Error::external)?;
            Ok(())
        })
        .unwrap();
    host.lua.globals().set(&mut host.lua, "update", update).unwrap();
    // Three calls are running; the innermost updates, then calls the new code.
    host.run("local outer, inner = m.run(update, 2); assert(outer == 1 and inner == 2, inner); assert(m.calls() == 6, m.calls()); assert(m.run(nil, 0) == 2)");
    // In a coroutine, and from a finalizer of a block.
    host.run("local co = coroutine.wrap(function() return m.run(update, 5) end) assert(co() == 2)");
}

#[test]
fn closures_that_old_calls_make_are_outdated_and_the_next_update_takes_them() {
    let source = |n: u32| {
        format!("local M = {{}} local n = 0 function M.f() coroutine.yield() return function() n = n + 1 return {n}, n end end return M")
    };
    let mut host = Host::new(&source(1));
    host.run("co = coroutine.wrap(m.f); co()");
    assert!(host.lua.outdated().is_empty());
    host.update(&source(2));
    host.run("made = co(); assert(made() == 1)");
    let outdated = host.lua.outdated();
    assert_eq!(outdated.len(), 1);
    assert_eq!((outdated[0].chunk.as_slice(), outdated[0].function.as_str(), outdated[0].count), (b"@m.lua".as_slice(), "M.f/return", 1));
    let updated = host.update(&source(3));
    assert_eq!((updated.closures, updated.outdated), (2, 1));
    host.run("local n, count = made() assert(n == 3 and count == 2)");
    assert!(host.lua.outdated().is_empty());
}

#[test]
fn old_calls_still_see_the_same_upvalues_after_several_updates() {
    let source = |vars: &str, n: u32| {
        format!(
            "local M = {{}} local {vars} = 0, 0, 0 function M.f(k) for i = 1, k do a = a + 1; coroutine.yield({n}, a, b, c) end return a end function M.g() b = b + 1; c = c + 1; return a, b, c end return M"
        )
    };
    let mut host = Host::new(&source("a, b, c", 1));
    host.run("cos = {}; function start() local co = coroutine.wrap(m.f) cos[#cos + 1] = co return co(100) end; assert(start() == 1)");
    for (n, vars) in [(2, "c, a, b"), (3, "b, c, a"), (4, "a, c, b"), (5, "c, b, a")] {
        assert_eq!(host.update(&source(vars, n)).running as u32, n - 1);
        host.run(&format!(
            "assert(start() == {n}) m.g()
             for i, co in ipairs(cos) do
                 local a0 = m.g()
                 local v, a, b, c = co()
                 assert(v == i and a == a0 + 1 and b == c and b == select(2, m.g()) - 1)
             end
             collectgarbage()"
        ));
    }
    // Nothing but the calls keeps old code.
    host.run("cos = nil; collectgarbage()");
    assert_eq!(host.update(&source("a, b, c", 9)).running, 0);
}

#[test]
fn variables_that_are_still_on_a_stack_are_shared() {
    check(
        "local M = {} function M.f() local n = 0 local function up() n = n + 1 return n end coroutine.yield(up) return n end return M",
        "co = coroutine.wrap(m.f); up = co(); up()",
        "local M = {} function M.f() local n = 0 local function up() n = n + 10 return n end coroutine.yield(up) return n, 'new' end return M",
        "local n = up()
         if co then local seen, new = co() assert(seen == n and new == nil) co = nil end
         assert(up() == n + 10)",
    );
}

#[test]
fn hooks_and_tail_calls() {
    check(
        "local M = {} local n = 0
         function M.loop(k) if k == 0 then coroutine.yield() return n end n = n + 1 return M.loop(k - 1) end
         return M",
        "count = 0; co = coroutine.create(m.loop)
         debug.sethook(co, function() count = count + 1 end, 'cl')
         coroutine.resume(co, 10)",
        "local M = {} local extra, n = 0, 0
         function M.loop(k) extra = extra + 1 if k == 0 then return 'new', n, extra end n = n + 100 return M.loop(k - 1) end
         return M",
        "if coroutine.status(co) == 'suspended' then
             local ok, n = coroutine.resume(co) assert(ok and n == 10)
         end
         local new, n = m.loop(3) assert(new == 'new' and n % 100 == 10)",
    );
}
