//! What is not done, and that nothing has changed then.

use super::{Host, compile};
use lua_parse::Compiler;
use lua_proto::{Chunk, ChunkMode, Loader, dump};
use lua_vm::{ModuleUpdate, ObstacleKind, UpdateError};

const OLD: &str = "local M = {} local n = 0 function M.f() n = n + 1 return 'old', n end function M.g() return n end return M";

fn unchanged(host: &mut Host) {
    host.run("local what, n = m.f() assert(what == 'old' and m.f == f and m.g() == n and ran == nil and m.h == nil)");
    assert!(host.lua.outdated().is_empty());
}

#[test]
fn a_function_that_is_missing() {
    let mut host = Host::new(OLD);
    host.run("f = m.f; g = m.g");
    let new = "ran = true local M = {} local n = 0 function M.f() return 'new' end function M.h() end return M";
    assert_eq!(host.refused(new), ["function 'M.g' (line 1): missing in the new source"]);
    unchanged(&mut host);
    // If nobody has it any more, nobody misses it.
    host.run("g, m.g = nil, nil");
    host.update(new);
    host.run("assert(f() == 'new' and m.h and ran)");
}

#[test]
fn a_function_that_is_missing_may_be_kept() {
    let mut host = Host::new(OLD);
    host.run("f = m.f; f()");
    let new = compile("local M = {} local n, k = 0, 0 function M.f() n = n + 1 k = k + 1 return 'new', n end return M");
    let updated = host.lua.update_all(&[ModuleUpdate { keep_missing: true, ..ModuleUpdate::new("m", &new) }]).unwrap();
    assert_eq!((updated.closures, updated.kept.len(), &updated.kept[0].kind), (1, 1, &ObstacleKind::Missing));
    host.run("assert(f() == 'new' and m.g() == 2)");
    assert_eq!(host.lua.outdated().len(), 1);
}

#[test]
fn functions_of_one_name() {
    let mut host =
        Host::new("local M = {} for _, f in ipairs { function() return 1 end, function() return 2 end } do M[#M + 1] = f end return M");
    host.run("f = m[1]");
    let three = "local M = {} local t = {} t.x = function() end t.x = function() end return M";
    assert_eq!(host.refused(three).len(), 2);
    let mut host =
        Host::new("local M = {} local t = {} t.x = function() return 1 end M.a = t.x t.x = function() return 2 end M.b = t.x return M");
    // As many of them: in order.
    host.update("local M = {} local t = {} t.x = function() return 10 end M.a = t.x t.x = function() return 20 end M.b = t.x return M");
    host.run("assert(m.a() == 10 and m.b() == 20)");
    let refused = host.refused("local M = {} local t = {} t.x = function() return 10 end return M");
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].contains("another number of functions of this name"), "{refused:?}");
    host.run("assert(m.a() == 10 and m.b() == 20)");
}

#[test]
fn a_module_that_is_not_loaded() {
    let mut host = Host::new(OLD);
    host.run("f = m.f");
    let e = host.lua.update("other", &compile("ran = true")).unwrap_err();
    assert_eq!(e.to_string(), "cannot update:\n\tmodule 'other': not loaded");
    unchanged(&mut host);
}

#[test]
fn binary_chunks() {
    let mut host = Host::new(OLD);
    host.run("f = m.f");
    for strip in [false, true] {
        let bytes = dump(&compile("ran = true"), strip);
        let binary = Compiler.load(Chunk { bytes: &bytes, name: b"@m.lua", mode: ChunkMode::Binary }).unwrap();
        let e = host.lua.update("m", &binary).unwrap_err();
        assert!(matches!(&e, UpdateError::Refused(o) if o[0].kind == ObstacleKind::Binary), "{e}");
        unchanged(&mut host);
    }
    // A module that came from one.
    let bytes = dump(&compile(OLD), false);
    let binary = Compiler.load(Chunk { bytes: &bytes, name: b"@m.lua", mode: ChunkMode::Binary }).unwrap();
    let mut host = Host::new("return {}");
    host.run("package.loaded.m = nil");
    host.require(&binary);
    host.run("f = m.f");
    assert!(host.refused("return {}")[0].contains("from a binary chunk"));
    unchanged(&mut host);
}

#[test]
fn a_module_from_a_stripped_chunk_is_not_passed_by() {
    for source in [OLD, "return function() return 'old' end"] {
        let bytes = dump(&compile(source), true);
        let stripped = Compiler.load(Chunk { bytes: &bytes, name: b"@m.lua", mode: ChunkMode::Binary }).unwrap();
        let mut host = Host::new("return {}");
        host.run("package.loaded.m = nil");
        host.require(&stripped);
        let refused = host.refused(source);
        assert!(!refused.is_empty() && refused.iter().all(|o| o.ends_with("from a binary chunk")), "{refused:?}");
        // Functions of others do not hinder.
        host.run("package.loaded.m = { print = print, inner = load 'return 1' }");
        host.update(source);
    }
}

#[test]
fn an_error_of_the_new_chunk() {
    let mut host = Host::new(OLD);
    host.run("f = m.f");
    for (chunk, message) in [
        ("local M = {} function M.f() end function M.g() end error('wrong', 0)", "wrong"),
        ("local M = {} function M.f() end function M.g() end error { }", "error object"),
        ("local M = {} function M.f() end function M.g() end local x = nil + 1", "m.lua:1: attempt to perform arithmetic on a nil value"),
        ("local M = {} function M.f() end function M.g() end coroutine.yield()", "attempt to yield"),
    ] {
        let e = host.try_update(chunk).unwrap_err();
        assert!(e.to_string().contains(message), "{e}");
        assert!(matches!(e, UpdateError::Failed(_)));
        unchanged(&mut host);
        host.run("assert(package.loaded.m == m and require 'm' == m)");
    }
}

#[test]
fn all_modules_or_none() {
    let mut host = Host::new(OLD);
    host.run(
        "f = m.f; package.loaded.k = load('local M = {} function M.f() return 1 end return M', '@k.lua')(); k = package.loaded.k; kf = k.f",
    );
    let named =
        |source: &str, name: &str| Compiler.load(Chunk { bytes: source.as_bytes(), name: name.as_bytes(), mode: ChunkMode::Text }).unwrap();
    let good = ModuleUpdate::new("m", &compile(&OLD.replace("'old'", "'new'")));
    let refused = ModuleUpdate::new("k", &named("return {}", "@k.lua"));
    assert!(matches!(host.lua.update_all(&[good.clone(), refused]), Err(UpdateError::Refused(_))));
    unchanged(&mut host);
    for bad in [
        "local M = {} function M.f() return 2 end error('x')",
        "local M = {} function M.f() return 2 end function M.__update() error('x') end return M",
    ] {
        let bad = ModuleUpdate::new("k", &named(bad, "@k.lua"));
        for both in [[good.clone(), bad.clone()], [bad, good.clone()]] {
            assert!(matches!(host.lua.update_all(&both), Err(UpdateError::Failed(_))));
            unchanged(&mut host);
            host.run("assert(k.f == kf and kf() == 1)");
        }
    }
    let fine = ModuleUpdate::new("k", &named("local M = {} function M.f() return 2 end return M", "@k.lua"));
    assert_eq!(host.lua.update_all(&[good, fine]).unwrap().closures, 3);
    host.run("assert(f() == 'new' and kf() == 2)");
}

#[test]
fn memory_that_is_refused_changes_nothing() {
    let new = "local M = {} local x, n = {}, 0
        function M.f() x[#x + 1] = n n = n + 1 return 'new', n end function M.g() return n, x end function M.h() return x end
        M.list = { M.f } M.names = { [M.f] = 1 } return M";
    let mut refusals = 0;
    for n in 1.. {
        let mut host = Host::new(OLD);
        host.run("f = m.f; names = { [f] = 'f' }; f()");
        // One for the fast path of an instruction, and two for its slow one.
        host.lua.refuse_charges(n, 3);
        let result = host.try_update(new);
        let passed = result.is_ok() && host.lua.charges_to_refusal() > 0;
        host.lua.refuse_charges(0, 0);
        match result {
            Ok(_) => host.run("assert(f() == 'new' and m.f == f and m.h and m.list[1] == f and m.names[f] == 1)"),
            Err(e) => {
                assert_eq!(e.to_string(), "not enough memory");
                refusals += 1;
                host.run("assert(f() == 'old' and package.loaded.m == m and m.h == nil and m.list == nil)");
                host.update(new);
                host.run("assert(f() == 'new' and m.f == f and m.names[f] == 1 and names[f] == 'f')");
            }
        }
        host.run("collectgarbage() assert(m.g() == select(2, f()) - 1)");
        if passed {
            break;
        }
    }
    assert!(refusals > 20, "{refusals}");
}

#[test]
fn local_functions_that_nobody_uses_any_more_may_go() {
    let old = "local M = {}
        local function deep() return 1 end
        local function helper() return deep() end
        local function recursive(n) return n == 0 and 0 or recursive(n - 1) end
        function M.f() return 'old', helper(), recursive(3) end
        return M";
    let new = "local M = {} function M.f() return 'new' end return M";
    let mut host = Host::new(old);
    host.run("f = m.f");
    host.update(new);
    host.run("assert(f() == 'new')");
    // But not if somebody else has them.
    for keep in [
        "t = { select(2, debug.getupvalue(m.f, 1)) }",
        "t = { [select(2, debug.getupvalue(m.f, 1))] = 1 }",
        "local h = select(2, debug.getupvalue(m.f, 1)) t = function() return h end",
        "local h = select(2, debug.getupvalue(m.f, 1)) co = coroutine.wrap(function() coroutine.yield() return h end) co()",
        "debug.sethook(coroutine.create(print), select(2, debug.getupvalue(m.f, 1)), 'l') t = { select(2, debug.getupvalue(m.f, 1)) }",
    ] {
        let mut host = Host::new(old);
        host.run(keep);
        let refused = host.refused(new);
        let of = |name: &str| refused.iter().any(|o| o.starts_with(&format!("function '{name}'")));
        assert!(of("helper") && of("deep") && !of("recursive"), "{keep}: {refused:?}");
    }
    // A call that is running keeps what it uses.
    let mut host = Host::new(&old.replace("return 'old', helper()", "coroutine.yield() return 'old', helper()"));
    host.run("co = coroutine.wrap(m.f) co()");
    assert_eq!(host.refused(new).len(), 3);
    host.run("assert(co() == 'old')");
    host.update(new);
}

#[test]
fn an_update_inside_of_an_update() {
    let mut host = Host::new(OLD);
    host.run("f = m.f");
    let other = compile(&OLD.replace("'old'", "'other'"));
    let inner = host
        .lua
        .create_function(move |cx, ()| {
            let e = cx.update(&[ModuleUpdate::new("m", &other)]).unwrap_err();
            Ok(e.to_string())
        })
        .unwrap();
    host.lua.globals().set(&mut host.lua, "inner", inner).unwrap();
    let new = OLD.replace("'old'", "'new'").replace("return M", "first = inner() function M.__update() second = inner() end return M");
    host.update(&new);
    host.run("assert(f() == 'new' and first:find 'an update is going on' and second == first)");
}

#[test]
fn a_panic_in_the_new_chunk() {
    let mut host = Host::new(OLD);
    host.run("f = m.f");
    let panics = host.lua.create_function(|_, ()| -> Result<(), lua_vm::Error> { panic!("on purpose") }).unwrap();
    host.lua.globals().set(&mut host.lua, "panics", panics).unwrap();
    let new = compile(&OLD.replace("return M", "panics() return M"));
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| host.lua.update("m", &new).is_ok()));
    assert!(caught.is_err());
    unchanged(&mut host);
    host.run("assert(package.loaded.m == m and collectgarbage 'isrunning')");
    host.update(&OLD.replace("'old'", "'new'"));
    host.run("assert(f() == 'new')");
}
