//! `codecache.update`, with files.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use lua_parse::Compiler;
use lua_proto::{Cached, Loader};
use lua_vm::Lua;

/// A directory of modules that goes when the test ends.
struct Modules(PathBuf);

impl Modules {
    fn new(name: &str) -> Modules {
        let directory = std::env::temp_dir().join(format!("lua-update-{}-{name}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        Modules(directory)
    }

    fn write(&self, module: &str, source: &str) {
        fs::write(self.0.join(format!("{module}.lua")), source).unwrap();
    }

    fn vm(&self, loader: &Arc<dyn Loader>) -> Lua {
        let mut lua = Lua::new(Arc::clone(loader)).unwrap();
        lua_std::open_all(&mut lua).unwrap();
        let path = self.0.join("?.lua").display().to_string();
        run(&mut lua, &format!("package.path = [[{path}]] codecache = require 'codecache'"));
        lua
    }
}

impl Drop for Modules {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[track_caller]
fn run(lua: &mut Lua, chunk: &str) {
    if let Err(e) = lua.run(chunk.as_bytes(), "=test") {
        panic!("{chunk}\n{e}");
    }
}

fn counter(step: u32) -> String {
    format!("local M = {{}} local n = 0 function M.up() n = n + {step} return n, {step} end function M.file() return ... end return M")
        .replace("function M.file() return ... end", "local file = select(2, ...) function M.file() return file end")
}

#[test]
fn vms_share_what_they_are_updated_to() {
    for policy in ["pinned", "stamp", "content"] {
        let modules = Modules::new(policy);
        let cached: Arc<dyn Loader> = Arc::new(Cached::new(Compiler));
        modules.write("m", &counter(1));
        let mut vms: Vec<Lua> = (0..50).map(|_| modules.vm(&cached)).collect();
        run(&mut vms[0], &format!("codecache.policy '{policy}'"));
        for lua in &mut vms {
            run(lua, "m = require 'm' up = m.up up() up()");
        }
        modules.write("m", &counter(100));
        for lua in &mut vms[..25] {
            run(
                lua,
                "before = codecache.stats().compilations
                 local report = codecache.update 'm' assert(report.closures == 2 and #report.kept == 0)
                 assert(up == m.up and up() == 102 and select(2, up()) == 100)
                 assert(m.file():find 'm.lua' and #codecache.outdated() == 0)",
            );
        }
        for lua in &mut vms[25..] {
            run(lua, "assert(up() == 3 and select(2, up()) == 1)");
        }
        // The first compiled the new file for all.
        run(&mut vms[24], &format!("assert(codecache.stats().compilations == before, '{policy}')"));
        let identities: Vec<i64> =
            vms.iter_mut().map(|lua| lua.load(b"return codecache.identity(up)", "=t").unwrap().call(lua, ()).unwrap()).collect();
        assert!(identities[..25].iter().all(|id| *id == identities[0]) && identities[25..].iter().all(|id| *id == identities[49]));
    }
}

#[test]
fn a_batch_with_a_syntax_error_changes_nothing_anywhere() {
    let modules = Modules::new("batch");
    let cached: Arc<dyn Loader> = Arc::new(Cached::new(Compiler));
    modules.write("a", &counter(1));
    modules.write("b", &counter(1));
    let mut vms: Vec<Lua> = (0..50).map(|_| modules.vm(&cached)).collect();
    for lua in &mut vms {
        run(lua, "a, b = require 'a', require 'b' up = a.up up()");
    }
    modules.write("a", &counter(10));
    modules.write("b", "local M = {}\nfunction M.up( return end\nreturn M");
    for lua in &mut vms {
        run(
            lua,
            "local report, message = codecache.update { 'a', 'b' }
             assert(report == nil and message:find('b.lua:2:', 1, true) and message:find 'expected', message)
             report, message = codecache.update { 'b', 'a' }
             assert(report == nil and message:find('b.lua:2:', 1, true))
             assert(a.up == up and select(2, up()) == 1 and select(2, b.up()) == 1)",
        );
    }
    modules.write("b", &counter(20));
    for lua in &mut vms {
        run(lua, "assert(codecache.update { 'a', 'b' }.closures == 4 and up() == 12 and select(2, b.up()) == 20 and a.up == up)");
    }
}

#[test]
fn what_cannot_be_updated_is_told() {
    let modules = Modules::new("told");
    let plain: Arc<dyn Loader> = Arc::new(Compiler);
    modules.write("m", "local M = {} function M.f() return 1 end\nfunction M.g() return 1 end\nlocal function make(n) return function() return n end end M.h = make(1) return M");
    let mut lua = modules.vm(&plain);
    run(
        &mut lua,
        "local report, message, list = codecache.update 'm'
         assert(report == nil and message:find 'not loaded' and #list == 1 and list[1].kind == 'not loaded' and list[1].module == 'm')
         local report, message, list = codecache.update 'nothing'
         assert(report == nil and message:find 'nothing.lua' and list == nil)
         m = require 'm' f, h = m.f, m.h",
    );
    modules.write(
        "m",
        "local M = {} function M.f() return 2 end local function make(n) return function() return n, extra end end M.h = make(1) return M",
    );
    run(
        &mut lua,
        "local report, message, list = codecache.update 'm'
         assert(report == nil and #list == 1 and list[1]['function'] == 'M.g' and list[1].line == 2 and list[1].kind == 'missing')
         assert(f() == 1 and h() == 1 and m.g() == 1)
         report = assert(codecache.update('m', { keep = true }))
         assert(report.closures == 2 and #report.kept == 1 and report.kept[1]['function'] == 'M.g' and f() == 2 and m.g() == 1)
         list = codecache.outdated() assert(#list == 1 and list[1]['function'] == 'M.g' and list[1].count == 1 and list[1].line == 2)",
    );
    modules.write("m", "local M = {} function M.f() return 3 end function M.g() return 3 end error { code = 5 }");
    run(&mut lua, "m.h, h = nil; local report, message = codecache.update 'm' assert(report == nil and message.code == 5 and f() == 2)");
    run(
        &mut lua,
        "assert(not pcall(codecache.update)) assert(not pcall(codecache.update, { 1 })) assert(not pcall(codecache.update, 'm', 1))",
    );
}

/// The blocks of Lua in the guide.
fn guide() -> Vec<String> {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../lua-vm/hot-update.md")).unwrap();
    text.split("```lua\n").skip(1).map(|block| block.split("```").next().unwrap().to_string()).collect()
}

#[test]
fn the_guide_tells_the_truth() {
    let blocks = guide();
    let [old, before, new, after, ..] = &blocks[..] else { panic!("{} blocks", blocks.len()) };
    let modules = Modules::new("guide");
    let cached: Arc<dyn Loader> = Arc::new(Cached::new(Compiler));
    modules.write("counter", old);
    let mut lua = modules.vm(&cached);
    run(&mut lua, before);
    modules.write("counter", new);
    run(&mut lua, after);
}

#[test]
fn a_module_updates_itself_from_its_file() {
    let modules = Modules::new("itself");
    let cached: Arc<dyn Loader> = Arc::new(Cached::new(Compiler));
    let source = |n: u32| {
        format!(
            "local M = {{}} local count = 0 function M.reload() count = count + 1 local r = assert(require 'codecache'.update(...)) return {n}, r.running, M.n(), count end function M.n() return {n} end return M"
        )
    };
    let source = |n: u32| source(n).replace("update(...)", "update 'm'");
    modules.write("m", &source(1));
    let mut lua = modules.vm(&cached);
    run(&mut lua, "m = require 'm' reload = m.reload");
    for n in 2..10 {
        modules.write("m", &source(n));
        run(
            &mut lua,
            &format!(
                "local old, running, new, count = m.reload() assert(old == {} and running == 1 and new == {n} and count == {} and reload == m.reload)",
                n - 1,
                n - 1
            ),
        );
    }
}
