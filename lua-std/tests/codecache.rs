//! The code cache as scripts and hosts see it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use lua_parse::Compiler;
use lua_proto::{CacheMode, Cached, CodeCache, Loader, Policy, Proto};
use lua_vm::{FromLuaMulti, Lua};

type Cache = Arc<Cached<Compiler>>;

/// A directory that goes with it.
struct Files(PathBuf);

impl Files {
    fn new() -> Files {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("lua-codecache-{}-{number}", std::process::id()));
        fs::create_dir_all(&root).unwrap();
        Files(root)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).unwrap();
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn cache() -> Cache {
    Arc::new(Cached::new(Compiler))
}

/// A VM with the cache, where `F .. name` is a file's name and `C` the module `codecache`.
fn open(cache: &Cache, files: &Files) -> Lua {
    let mut lua = Lua::new(Arc::clone(cache) as Arc<dyn Loader>).unwrap();
    lua_std::open_all(&mut lua).unwrap();
    let globals = lua.globals();
    let root = files.0.to_str().unwrap();
    globals.set(&mut lua, "F", format!("{root}/")).unwrap();
    lua.run(b"package.path = F .. '?.lua'; C = require 'codecache'", "=setup").unwrap();
    lua
}

#[track_caller]
fn eval<R: FromLuaMulti>(lua: &mut Lua, chunk: &str) -> R {
    match lua.load(chunk.as_bytes(), "=chunk").and_then(|main| main.call(lua, ())) {
        Ok(result) => result,
        Err(error) => panic!("{chunk}: {error}"),
    }
}

/// The chunk runs without an error in a VM with an empty cache, where `write` writes a file.
#[track_caller]
fn check(chunk: &str) {
    let files = Files::new();
    let mut lua = open(&cache(), &files);
    eval::<()>(
        &mut lua,
        "function write(name, text) local f = assert(io.open(F .. name, 'w')) f:write(text) f:close() return F .. name end",
    );
    eval(&mut lua, chunk)
}

#[test]
fn it_is_a_module_and_no_global() {
    check("assert(codecache == nil and package.loaded.codecache == C and require 'codecache' == C)");
    check("local n = 0; for name, f in pairs(C) do assert(type(f) == 'function'); n = n + 1 end; assert(n >= 8)");
}

#[test]
fn mode() {
    check(
        "assert(C.mode() == 'ON')
         assert(C.mode 'EXIST' == 'ON' and C.mode() == 'EXIST')
         assert(C.mode 'OFF' == 'EXIST' and C.mode() == 'OFF')
         local ok, message = pcall(C.mode, 'on')
         assert(not ok and message:find(\"unknown mode 'on'\", 1, true), message)
         assert(not pcall(C.mode, {}) and C.mode() == 'OFF')",
    );
    let (cache, files) = (cache(), Files::new());
    files.write("a.lua", "return 1");
    let [mut one, mut two] = [(); 2].map(|()| open(&cache, &files));
    eval::<()>(&mut one, "C.mode 'OFF'; loadfile(F .. 'a.lua')");
    assert_eq!((one.cache_mode(), two.cache_mode()), (CacheMode::Off, CacheMode::On));
    assert_eq!(cache.stats().entries, 0);
    two.set_cache_mode(CacheMode::Exist);
    assert_eq!(eval::<String>(&mut two, "loadfile(F .. 'a.lua'); return C.mode()"), "EXIST");
    assert_eq!((cache.stats().entries, cache.stats().misses), (0, 1));
}

#[test]
fn policies() {
    check(
        "assert(C.policy() == 'pinned')
         local a = write('a.lua', 'return 1')
         assert(dofile(a) == 1)
         write('a.lua', 'return 2')
         assert(dofile(a) == 1)
         for _, policy in ipairs {'stamp', 'content'} do
           C.policy(policy)
           assert(C.policy() == policy)
           for n = 3, 9 do
             write('a.lua', 'return ' .. n)
             assert(dofile(a) == n)
             local f, g = loadfile(a), loadfile(a)
             assert(f ~= g and C.identity(f) == C.identity(g))
           end
         end
         assert(not pcall(C.policy, 'sometimes'))",
    );
}

#[test]
fn clear_and_evict() {
    check(
        "local a, b = write('a.lua', 'return 1'), write('b.lua', 'return 2')
         local f, g = loadfile(a), loadfile(b)
         assert(C.evict(a) == 1 and C.evict(a) == 0)
         assert(C.identity(loadfile(a)) ~= C.identity(f) and C.identity(loadfile(b)) == C.identity(g))
         C.clear()
         assert(C.identity(loadfile(b)) ~= C.identity(g) and C.stats().entries == 1)
         assert(f() == 1 and g() == 2)",
    );
}

#[test]
fn replace() {
    check(
        "local a, b = write('a.lua', 'return 1'), write('b.lua', 'return 2')
         local f = loadfile(a)
         write('a.lua', 'return 10')
         write('b.lua', '\\n\\nreturn +')
         local ok, message = C.replace {a, b, F .. 'none.lua'}
         assert(ok == nil)
         local first, second = message:match '^(.-)\\n(.*)$'
         assert(first == b .. \":3: unexpected symbol near '+'\", first)
         assert(second == 'cannot open ' .. F .. 'none.lua: No such file or directory', second)
         assert(dofile(a) == 1 and C.identity(loadfile(a)) == C.identity(f))
         write('b.lua', 'return 20')
         assert(C.replace {a, b} == 2)
         local misses = C.stats().misses
         assert(dofile(a) == 10 and dofile(b) == 20 and C.stats().misses == misses)
         assert(C.replace {} == 0 and not pcall(C.replace, a) and not pcall(C.replace, {1}))",
    );
}

#[test]
fn everything_that_loads_files_uses_the_cache() {
    check(
        "local m = write('m.lua', 'return {...}')
         local first = require 'm'
         package.loaded.m = nil
         assert(require 'm' ~= first and first[1] == 'm' and first[2] == m)
         loadfile(m); C.loadfile(m); dofile(m)
         local stats = C.stats()
         assert(stats.entries == 1 and stats.hits == 4 and stats.misses == 1 and stats.compilations == 1)
         assert(stats.generation == 1 and stats.images == 1 and stats.alive[1] == 1 and stats.bytes > 0)
         -- Under pinned files, `require` does not even look for the file.
         os.remove(m); package.loaded.m = nil; require 'm'",
    );
}

#[test]
fn failures() {
    check(
        "local a = write('a.lua', 'x = = 1')
         local f, message = loadfile(a)
         assert(f == nil and message == a .. \":1: unexpected symbol near '='\", message)
         assert(not pcall(dofile, a) and not pcall(require, 'a'))
         write('a.lua', 'return 5')
         assert(dofile(a) == 5)
         for _, mode in ipairs {'b', 'x', ''} do
           local f, message = loadfile(a, mode)
           assert(f == nil and message == \"attempt to load a text chunk (mode is '\" .. mode .. \"')\", message)
         end",
    );
}

#[test]
fn strings_are_cached_where_asked() {
    check(
        "local id = function(load, ...) return C.identity(assert(load('return x', ...))) end
         assert(id(load) ~= id(load))
         assert(id(C.load) == id(C.load) and id(C.load, '=a') ~= id(C.load, '=b'))
         assert(C.load('return x', 'a', 't', {x = 7})() == 7 and C.load('return x', 'a', 't')() == nil)
         local f, message = C.load('x =', '=s')
         assert(f == nil and message == 's:1: unexpected symbol near <eof>')
         assert(C.stats().entries == 4)
         load(coroutine.wrap(function() coroutine.yield 'return 1' end))
         assert(C.stats().entries == 4)",
    );
}

#[test]
fn identity() {
    check(
        "local function make() return function() end end
         local a, b = make(), make()
         assert(math.type(C.identity(a)) == 'integer' and C.identity(a) == C.identity(b))
         assert(C.identity(a) ~= C.identity(make) and C.identity(print) == nil)
         assert(not pcall(C.identity, 1))",
    );
}

#[test]
fn a_vm_without_a_cache() {
    let mut lua = Lua::new(Arc::new(Compiler)).unwrap();
    lua_std::open_all(&mut lua).unwrap();
    eval::<()>(
        &mut lua,
        "local C = require 'codecache'
         for _, name in ipairs {'clear', 'stats', 'policy'} do
           local ok, message = pcall(C[name])
           assert(not ok and message == 'this VM has no code cache', message)
         end
         assert(C.identity(load 'return 1') and C.mode() == 'ON' and C.loadfile('/none') == nil)",
    );
}

const MODULE: &str = "
counter = 0
local function outer()
    local n = 0
    return function()
        n = n + 1
        counter = counter + n
        return counter
    end
end
return outer";

/// What `probe` tells of the module's functions in one VM: identities of three levels, upvalue ids and functions.
type Probe = ((i64, i64, i64), (String, String));

fn probe(lua: &mut Lua, calls: u32) -> Probe {
    eval::<()>(lua, "main = loadfile(F .. 'module.lua'); outer = main(); inner = outer()");
    for _ in 0..calls {
        eval::<()>(lua, "inner()");
    }
    let identities = eval(lua, "return C.identity(main), C.identity(outer), C.identity(inner)");
    (identities, eval(lua, "return tostring(main), tostring(debug.upvalueid(main, 1))"))
}

/// One file in three VMs on three threads, and twice in one of them: one code, and nothing else in common.
#[test]
fn vms_share_code_and_nothing_else() {
    let (cache, files) = (cache(), Files::new());
    files.write("module.lua", MODULE);
    let mut vms: Vec<(Lua, Probe)> = thread::scope(|scope| {
        let run = |calls| {
            let mut lua = open(&cache, &files);
            let probe = probe(&mut lua, calls);
            (lua, probe)
        };
        let threads: Vec<_> = (1..4).map(|calls| scope.spawn(move || run(calls))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(cache.stats().compilations, 1);
    let identities = vms[0].1.0;
    assert!(vms.iter().all(|(_, probe)| probe.0 == identities));
    // All VMs are alive, so equal addresses would be the same objects.
    for (at, (_, probe)) in vms.iter().enumerate() {
        for (_, other) in &vms[..at] {
            assert!(probe.1.0 != other.1.0 && probe.1.1 != other.1.1, "{probe:?} {other:?}");
        }
    }
    for ((lua, _), sum) in vms.iter_mut().zip([1, 1 + 2, 1 + 2 + 3]) {
        assert_eq!(eval::<i64>(lua, "return counter"), sum);
    }
    let lua = &mut vms[0].0;
    eval::<()>(
        lua,
        "local before = counter
         local again = loadfile(F .. 'module.lua')
         assert(again ~= main and C.identity(again) == C.identity(main))
         assert(debug.upvalueid(again, 1) ~= debug.upvalueid(main, 1))
         local outer2 = again()
         local inner2 = outer2()
         assert(outer2 ~= outer and inner2 ~= inner)
         assert(C.identity(outer2) == C.identity(outer) and C.identity(inner2) == C.identity(inner))
         assert(counter == 0 and before == 1)
         for i = 1, 2 do assert(debug.upvalueid(inner2, i) ~= debug.upvalueid(inner, i)) end
         local own = {}
         loadfile(F .. 'module.lua', 't', own)()
         assert(own.counter == 0 and counter == 0)",
    );
}

/// A prototype goes from a VM to others on other threads, each with its own globals and upvalues.
#[test]
fn prototypes_move_between_vms() {
    let files = Files::new();
    let mut lua = open(&cache(), &files);
    let main = lua.load(b"x = (x or 0) + ...; return function() return x end", "=shared").unwrap();
    let proto: Arc<Proto> = main.proto(&mut lua).unwrap().unwrap();
    thread::scope(|scope| {
        for n in 1..=3i64 {
            let (proto, files) = (&proto, &files);
            scope.spawn(move || {
                let mut lua = open(&cache(), files);
                let [one, two] = [(); 2].map(|()| lua.instantiate(proto).unwrap());
                for main in [&one, &two] {
                    main.call::<()>(&mut lua, n).unwrap();
                }
                assert_eq!(eval::<i64>(&mut lua, "return x"), 2 * n);
                assert!(!one.same(&mut lua, &two).unwrap());
                assert!(Arc::ptr_eq(proto, &one.proto(&mut lua).unwrap().unwrap()));
                let globals = lua.globals();
                globals.set(&mut lua, "one", &one).unwrap();
                globals.set(&mut lua, "two", &two).unwrap();
                eval::<()>(&mut lua, "assert(C.identity(one) == C.identity(two))");
                eval::<()>(&mut lua, "assert(debug.upvalueid(one, 1) ~= debug.upvalueid(two, 1))");
            });
        }
    });
    assert_eq!(eval::<Option<i64>>(&mut lua, "return x"), None);
}

/// Code that is replaced goes when the last VM lets go of it.
#[test]
fn old_code_goes() {
    let (cache, files) = (cache(), Files::new());
    let mut vms: Vec<Lua> = (0..3).map(|_| open(&cache, &files)).collect();
    for round in 0..50 {
        files.write("a.lua", &format!("local v = 'version {round}'; return function() return v end"));
        cache.clear();
        for (at, lua) in vms.iter_mut().enumerate() {
            eval::<()>(lua, "old = f; f = dofile(F .. 'a.lua')");
            if at == 0 {
                eval::<()>(lua, "if old then old() end");
            }
        }
    }
    for lua in &mut vms {
        eval::<()>(lua, "old = nil; collectgarbage()");
    }
    let alive: usize = cache.stats().alive.iter().map(|(_, count)| count).sum();
    assert_eq!(alive, 1);
    cache.clear();
    drop(vms);
    assert_eq!(cache.stats().alive, []);
}

/// A file above the VM's memory limit is not read; the VM goes on.
#[test]
fn files_beyond_the_limit() {
    let (cache, files) = (cache(), Files::new());
    files.write("big.lua", &format!("return '{}'", "x".repeat(4 << 20)));
    let mut lua = open(&cache, &files);
    lua.set_memory_limit(2 << 20);
    let error: String = eval(&mut lua, "return select(2, pcall(loadfile, F .. 'big.lua'))");
    assert_eq!(error, "not enough memory");
    lua.set_memory_limit(usize::MAX);
    assert_eq!(eval::<i64>(&mut lua, "return #dofile(F .. 'big.lua')"), 4 << 20);
}

#[test]
fn the_loader_is_reached_from_rust() {
    let (cache, files) = (cache(), Files::new());
    files.write("a.lua", "return 1");
    let mut lua = open(&cache, &files);
    eval::<()>(&mut lua, "loadfile(F .. 'a.lua')");
    let loader = lua.loader();
    let shared = loader.cache().unwrap();
    shared.set_policy(Policy::Content);
    assert_eq!((cache.policy(), shared.stats().entries), (Policy::Content, 1));
    assert_eq!(shared.evict(Path::new(&files.0.join("a.lua"))), 1);
}
