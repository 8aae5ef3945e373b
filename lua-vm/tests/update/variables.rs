//! Upvalues: joined by name, shared as before, new ones from the new chunk.

use super::{Host, check};

#[test]
fn new_upvalues_come_from_the_new_chunk() {
    check(
        "local M = {} function M.f() return 1 end function M.g() return 1 end return M",
        "f, g = m.f, m.g",
        "local M = {}
         local step, name = 5, 'name'
         function M.f() step = step + 1 return step end
         function M.g() return step, name end
         return M",
        "local n = f(); assert(n > 5 and g() == n and select(2, g()) == 'name')
         assert(debug.upvalueid(f, 1) == debug.upvalueid(g, 1))",
    );
}

#[test]
fn a_function_that_begins_to_use_a_variable_gets_that_of_the_others() {
    check(
        "local M = {} local n = 7 function M.up() n = n + 1 return n end function M.get() return 0 end return M",
        "m.up()",
        "local M = {} local n = 100 function M.up() n = n + 1 return n end function M.get() return n end return M",
        "local n = m.up() assert(n < 100 and m.get() == n)",
    );
}

#[test]
fn upvalues_may_be_dropped_and_change_their_order() {
    check(
        "local M = {} local a, b, c = 1, 2, 3 function M.f() return a, b, c end function M.set(x, y, z) a, b, c = x, y, z end return M",
        "m.set(10, 20, 30)",
        "local M = {} local d, c, b, a = 4, 5, 6, 7
         function M.f() return d, c, a end
         function M.set(x, y, z) c = x end
         return M",
        "local d, c, a = m.f() assert(d == 4 and c == 30 and a == 10)
         m.set(31) assert(select(2, m.f()) == 31) m.set(30)",
    );
}

#[test]
fn each_closure_of_a_nested_function_keeps_its_own_variables() {
    check(
        "local M = {} local total = 0
         function M.make(n) local count = 0
             return function() count = count + n; total = total + n; return count end, function() return count, total end
         end
         return M",
        "inc1, get1 = m.make(1); inc2, get2 = m.make(10); inc1() inc2() inc2()",
        "local M = {} local total = 0
         function M.make(n) local count = 0
             return function() total = total + n; count = count + 2 * n; return count end, function() return 'new', total, count end
         end
         return M",
        "local _, total, one = get1() local _, same, ten = get2()
         assert(total == same and (one - 1) % 2 == 0 and (ten - 20) % 20 == 0)
         inc1()
         local _, later, next_one = get1() assert(later == total + 1 and next_one == one + 2)
         assert(select(3, get2()) == ten)",
    );
}

#[test]
fn a_new_variable_of_a_function_that_has_returned_begins_with_its_constant() {
    check(
        "local M = {} function M.make(n) return function() n = n + 1 return n end, function() return n end end return M",
        "up, get = m.make(0); other = m.make(100)",
        "local M = {}
         function M.make(n)
             local step, name, list, on, none = 2, 'name', {}, true
             return function() n = n + step; list[#list + 1] = n; step = step + 1; return n, name, on, none end, function() return n, step, list end
         end
         return M",
        "local n, step, list = get()
         local now, name, on, none = up()
         assert(now == n + step and name == 'name' and on == true and none == nil)
         local n2, step2, list2 = get()
         assert(n2 == now and step2 == step + 1 and list2[#list2] == now)
         if list then assert(list == list2) end
         -- Another call of `make` has variables of its own.
         other(); assert(select(2, get()) == step2)",
    );
}

#[test]
fn a_new_variable_of_an_enclosing_function_is_shared_by_those_that_share_others() {
    check(
        "local M = {}
         function M.make(n)
             return { a = function() n = n + 1 return n end, b = function() n = n + 1 return n end, c = function() return 0 end }
         end
         return M",
        "one, two = m.make(0), m.make(0)",
        "local M = {}
         function M.make(n)
             local calls = 0
             return { a = function() calls = calls + 1 n = n + 1 return calls end, b = function() calls = calls + 1 return calls + n * 0 end,
                      c = function() return 0 end }
         end
         return M",
        "local before = one.a() assert(one.b() == before + 1)
         local other = two.a() assert(two.b() == other + 1 and one.a() == before + 2)",
    );
}

#[test]
fn what_no_constant_tells_is_an_obstacle() {
    let old = "local M = {} function M.make(n) return function() return 1 end end return M";
    for declaration in [
        "local x = n",
        "local x = n and 1 or 2",
        "local x = tostring(n)",
        "local x = 1; x = n",
        "local x = {}; x.n = n",
        "local x = { n }",
        "local x; if n then x = 2 end",
        "local function x() end",
    ] {
        let mut host = Host::new(old);
        host.run("inner = m.make(1); make = m.make");
        let new = format!("local M = {{}} function M.make(n) {declaration} return function() return x end end return M");
        let refused = host.refused(&new);
        assert_eq!(refused, ["function 'M.make/return' (line 1): no value for the new upvalue 'x'"], "{declaration}");
        host.run("assert(inner() == 1 and m.make == make and make()() == 1)");
        // Without a closure that needs it, there is no obstacle.
        host.run("inner = nil");
        host.update(&new);
    }
}

#[test]
fn parameters_that_are_captured_anew_are_an_obstacle() {
    let mut host = Host::new("local M = {} function M.make(n) return function() return 1 end end return M");
    host.run("inner = m.make(1)");
    let refused = host.refused("local M = {} function M.make(n) return function() return n end end return M");
    assert_eq!(refused, ["function 'M.make/return' (line 1): no value for the new upvalue 'n'"]);
}

#[test]
fn variables_of_loops_are_not_confused() {
    let mut host = Host::new(
        "local M = {}
         for i = 1, 3 do
             local n = i
             M['get' .. i] = function() return n end
             M['up' .. i] = function() n = n + 1 return n end
         end
         return M",
    );
    host.run("m.up1() m.up2()");
    host.update(
        "local M = {}
         for i = 1, 3 do
             local n = i
             M['get' .. i] = function() return 'new', n end
             M['up' .. i] = function() n = n + 10 return n end
         end
         return M",
    );
    host.run("assert(m.up1() == 12 and m.up2() == 13 and m.up3() == 13 and select(2, m.get1()) == 12 and select(2, m.get3()) == 13)");
    // A function that begins to use one of them cannot know which.
    let refused = host.refused(
        "local M = {}
         for i = 1, 3 do
             local n, more = i, 0
             M['get' .. i] = function() return 'new', n, more end
             M['up' .. i] = function() n = n + 10 return n end
         end
         return M",
    );
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].contains("several variables could be the new upvalue 'more'"), "{refused:?}");
}

#[test]
fn the_debug_library_sees_the_upvalues_of_the_new_code() {
    check(
        "local M = {} local a, b = 1, 2 function M.f() return a, b end function M.g() return a end return M",
        "f, g = m.f, m.g; debug.setupvalue(f, 1, 'A'); id = debug.upvalueid(f, 1)",
        "local M = {} local b, c, a = 1, 2, 3 function M.f() return c, a, b end function M.g() return a end return M",
        "assert(debug.getupvalue(f, 1) == 'c' and debug.getupvalue(f, 2) == 'a' and debug.getupvalue(f, 3) == 'b')
         assert(debug.getupvalue(f, 4) == nil and debug.getinfo(f, 'u').nups == 3)
         assert(debug.upvalueid(f, 2) == id and debug.upvalueid(g, 1) == id)
         assert(select(2, f()) == 'A')
         local x local function other() return x end
         debug.upvaluejoin(other, 1, f, 1)
         debug.setupvalue(f, 1, 'C'); assert(other() == 'C' and f() == 'C')
         debug.upvaluejoin(f, 1, f, 3); assert(f() == 2)
         debug.upvaluejoin(f, 1, other, 1)",
    );
}

#[test]
fn the_environment_of_the_module_stays() {
    let mut host = Host::new("return {}");
    host.run(
        "env = { x = 1 }
         package.loaded.m = load('local M = {} function M.f() return x end return M', '@m.lua', 't', env)()
         m = package.loaded.m",
    );
    host.update("local M = {} function M.f() return 'new', x end function M.g() y = 2 return x end return M");
    host.run("assert(m.f() == 'new' and select(2, m.f()) == 1 and m.g() == 1 and env.y == 2 and y == nil)");
}

#[test]
fn functions_that_only_globals_hold_keep_their_variables() {
    check(
        "local n, list = 0, {}
         function up() n = n + 1 list[#list + 1] = n return 'old', n end
         function string.listed(s) return s .. #list end
         local function helper() return n end
         getmetatable('').__unm = function() return helper() end",
        "up() up() before = up; names = { [before] = 1 }; before = nil",
        "local n, list = 100, {}
         function up() n = n + 1 list[#list + 1] = n return 'new', n end
         function string.listed(s) return s .. #list end
         local function helper() return n + 1000 end
         getmetatable('').__unm = function() return helper() end",
        "local new, n = up()
         assert(new == 'new' and n >= 3 and n < 10 and ('x'):listed() == 'x' .. n and -'x' == n + 1000 and names[up])",
    );
}

#[test]
fn an_update_that_ends_early_leaves_known_functions_where_the_chunk_put_new_ones() {
    let old = "local n = 0 function up() n = n + 1 return 'old', n end t = { up = up }";
    // The second is refused when the chunk has run: which of the variables `k` is meant nobody knows.
    let of_loop = "for i = 1, 2 do local k = n held = function() return n end end return held";
    for (before, end) in
        [("", "error 'x'"), (of_loop, &of_loop.replace("return n", "return k, n")), ("", "return { __update = function() error 'x' end }")]
    {
        let mut host = Host::new(&format!("{old} {before}"));
        host.run("t = nil; up()");
        let new = "local n = 50 function up() n = n + 10 return 'new', n end t = { up = up, [up] = 1, function() return up end }";
        assert!(host.try_update(&format!("{new} {end}")).is_err(), "{end}");
        host.run("local old, n = up() assert(old == 'old' and n == 2 and t.up == up and t[up] == 1 and t[1]() == up)");
    }
}
