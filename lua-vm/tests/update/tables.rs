//! What becomes of the module's table and of tables in it, and `__update`.

use super::{Host, check};

#[test]
fn new_fields_are_added_and_nothing_else_changes() {
    check(
        "local M = { version = 1, state = { a = 1 }, gone = 'gone' } function M.f() return 1 end return M",
        "m.extra = 'extra'; m.state.a = 2; state = m.state",
        "local M = { version = 2, state = { a = 1, b = 2 }, more = { 5 } } function M.f() return 2 end function M.g() return M.f() end return M",
        "assert(m.version == 1 and m.state == state and state.a == 2 and state.b == nil and m.gone == 'gone' and m.extra == 'extra')
         assert(m.more[1] == 5 and m.f() == 2 and m.g() == 2)",
    );
}

#[test]
fn a_class_that_is_a_local_variable_gets_new_methods() {
    check(
        "local Account = {} Account.__index = Account
         function Account:get() return self.n end
         local M = {}
         function M.new(n) return setmetatable({ n = n }, Account) end
         return M",
        "acc = m.new(5)",
        "local Account = { kinds = {} } Account.__index = Account
         function Account:get() return 'got', self.n end
         function Account:add(k) self.n = self.n + k return self:get() end
         function Account.kinds.a() return Account end
         local M = {}
         function M.new(n) return setmetatable({ n = n }, Account) end
         return M",
        "local got, n = acc:add(1) assert(got == 'got' and n > 5 and m.new(9):add(1) == 'got')
         assert(acc.kinds.a() == getmetatable(acc))",
    );
}

#[test]
fn functions_that_the_new_run_put_into_new_tables_are_the_known_ones() {
    check(
        "local M = {} local function helper() return 1 end function M.a() return helper() end return M",
        "a = m.a",
        "local M = {}
         local function helper() return 2 end
         function M.a() return helper() end
         M.list = { M.a, helper }
         M.names = { [M.a] = 'a', [helper] = 'helper' }
         local by_name = { a = M.a }
         function M.named(n) return by_name[n] end
         registered = M.a
         return M",
        "assert(m.list[1] == a and m.names[a] == 'a' and m.named 'a' == a and registered == a and a() == 2)
         assert(m.names[m.list[2]] == 'helper' and m.list[2] == select(2, debug.getupvalue(a, 1)))
         local count = 0 for k in pairs(m.names) do count = count + 1 end assert(count == 2)",
    );
}

#[test]
fn update_carries_state_over() {
    check(
        "local M = { list = { 3, 1, 2 } } local count = 5 function M.count() return count end return M",
        "list = m.list",
        "local M = { list = {}, index = {} }
         local count = { n = 0 }
         function M.count() return count.n end
         function M.__update(old, new)
             assert(old ~= new and old == package.loaded.m and new.index and #new.list == 0)
             if type(count) == 'number' then count = { n = count } end
             for i, v in ipairs(old.list) do old.index[v] = i end
             M.told = (M.told or 0) + 1
         end
         return M",
        "assert(m.list == list and m.count() == 5 and m.index[3] == 1 and m.index[2] == 3 and m.told == 1)",
    );
}

#[test]
fn an_error_in_update_takes_everything_back() {
    let old = "local M = { n = 1 } local a = 1 function M.f() a = a + 1 return 'old', a end function M.wait() coroutine.yield() a = a + 1 return a end return M";
    let new = "local M = { n = 2, more = 3 } local b, a = 0, 0
         function M.f() b = b + 1 return 'new', a, b end
         function M.wait() b = b + 1 coroutine.yield() b = b + 1 return 'new', b end
         function M.g() end
         function M.__update(old, new)
             started = coroutine.wrap(old.wait) started()
             assert(old.f() == 'new' and old.g)
             error('no way', 0)
         end
         return M";
    let mut host = Host::new(old);
    host.run("f, wait = m.f, m.wait; co = coroutine.wrap(m.wait); co(); f()");
    assert_eq!(host.try_update(new).unwrap_err().to_string(), "no way");
    host.run(
        "assert(m.f == f and m.g == nil and m.more == nil and m.n == 1 and m.__update == nil)
         local what, a = f() assert(what == 'old' and a == 3)
         assert(co() == 4)
         -- A call that began with the new code ends with it.
         local what, b = started() assert(what == 'new' and b == 3)
         collectgarbage() assert(f() == 'old' and select(2, f()) == 6)",
    );
    // And it can still be updated.
    let update = new.replace("error('no way', 0)", "");
    host.update(&update);
    host.run("assert(f() == 'new' and m.g and select(2, f()) == 6)");
}

#[test]
fn a_module_that_is_no_table() {
    check(
        "local n = 0 return function() n = n + 1 return 'old', n end",
        "f = m; f()",
        "local n, k = 0, 0 return function() n = n + 1; k = k + 1 return 'new', n, k end",
        "assert(package.loaded.m == f); local new, n, k = f() assert(new == 'new' and n == k + 1)",
    );
}

#[test]
fn an_update_of_an_earlier_version_goes_when_the_new_one_has_none() {
    let source = |n: u32, hook: &str| format!("local M = {{}} function M.f() return {n} end {hook} return M");
    let hook = "local function note(x) told = (told or 0) + x end function M.__update(old, new) note(1) end";
    // Whether it came with an update or with the module.
    for first in ["", hook] {
        let mut host = Host::new(&source(1, first));
        host.run("f = m.f");
        for n in 2..4 {
            host.update(&source(n, hook));
            host.run(&format!("assert(m.__update and told == {} and f() == {n})", n - 1));
        }
        host.update(&source(4, ""));
        host.run("assert(m.__update == nil and told == 2 and f() == 4)");
        assert!(host.lua.outdated().is_empty());
    }
    // Somebody else may have it, and a field of this name that is not the module's own stays.
    let mut host = Host::new(&source(1, hook));
    host.run("kept = m.__update");
    assert_eq!(
        host.refused(&source(2, "")),
        ["function 'M.__update' (line 1): missing in the new source", "function 'note' (line 1): missing in the new source"]
    );
    host.run("kept = nil; function m.__update() end; own = m.__update");
    host.update(&source(2, ""));
    host.run("assert(m.__update == own and m.f() == 2)");
}
