//! The collector that works on other threads, while hosts do what hosts do.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use lua_gc::{CollectorKind, CountingPages, PageCounts};
use lua_parse::Compiler;
use lua_vm::Lua;

/// Has everything that tracing and sweeping treat in a way of its own: suspended coroutines whose variables closures outlive and
/// write to, weak tables, finalizers, strings that come again, a huge table, closures made and dropped.
const SCRIPT: &str = r#"
local weak, keys = setmetatable({}, {__mode = "v"}), setmetatable({}, {__mode = "k"})
local huge, sleeping, kept = {}, {}, {}
for i = 1, 3000 do huge[i] = {i} end
local function sleeper(i)
  local a, b = {i}, i
  return coroutine.create(function()
    while true do
      coroutine.yield(function() return a[1], b end, function(x) a, b = {x}, x end)
    end
  end)
end
for round = 1, ROUNDS do
  local i = round % 50 + 1
  sleeping[i] = sleeping[i] or sleeper(i)
  local _, get, set = coroutine.resume(sleeping[i])
  set(round)
  local x, y = get()
  assert(x == round and y == round)
  kept[i] = {get = get, set = set, value = round}
  local other = kept[round * 7 % 50 + 1]
  if other then
    other.set(other.value)
    assert(other.get() == other.value)
  end
  if round % 5 == 0 then sleeping[i] = nil end
  huge[round * 31 % #huge + 1] = {round, "text " .. round % 40}
  weak[round % 30], keys[{}] = {round}, {round}
  assert(weak[round % 30][1] == round)
  if round % 10 == 0 then setmetatable({}, {__gc = function() finalized = (finalized or 0) + 1 end}) end
  if fail and round % 100 == 0 then pcall(fail, round) end
end
"#;

fn vm(collector: CollectorKind) -> (Lua, Arc<PageCounts>) {
    let pages = CountingPages::new();
    let counts = pages.counts();
    let mut lua = Lua::builder(Arc::new(Compiler)).pages(Box::new(pages)).collector(collector).open().unwrap();
    lua_std::open_all(&mut lua).unwrap();
    (lua, counts)
}

fn rounds(lua: &mut Lua, rounds: i64) {
    let globals = lua.globals();
    globals.set(lua, "ROUNDS", rounds).unwrap();
}

#[test]
fn a_vm_is_dropped_at_any_moment_of_a_cycle() {
    for count in (1..400).step_by(7) {
        let (mut lua, counts) = vm(CollectorKind::StressConcurrent);
        rounds(&mut lua, count);
        lua.run(SCRIPT.as_bytes(), "=script").unwrap();
        drop(lua);
        assert_eq!((counts.blocks(), counts.bytes()), (0, 0));
    }
}

#[test]
fn long_runs_see_what_they_stored() {
    for collector in [CollectorKind::StressConcurrent, CollectorKind::Concurrent] {
        let (mut lua, _) = vm(collector);
        rounds(&mut lua, 40_000);
        lua.run(SCRIPT.as_bytes(), "=script").unwrap();
        let globals = lua.globals();
        assert!(globals.get::<i64>(&mut lua, "finalized").unwrap() > 1000);
    }
}

#[test]
fn a_host_function_panics_while_others_collect() {
    let (mut lua, counts) = vm(CollectorKind::StressConcurrent);
    let fail = lua.create_function(|_, round: i64| if round % 300 == 0 { panic!("on purpose") } else { Ok(round) }).unwrap();
    let globals = lua.globals();
    globals.set(&mut lua, "fail", fail).unwrap();
    rounds(&mut lua, 1000);
    for _ in 0..20 {
        let panic = catch_unwind(AssertUnwindSafe(|| lua.run(SCRIPT.as_bytes(), "=script"))).unwrap_err();
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"on purpose"));
    }
    drop(globals);
    drop(lua);
    assert_eq!((counts.blocks(), counts.bytes()), (0, 0));
}

#[test]
fn the_memory_limit_is_reached_while_others_collect() {
    let (mut lua, counts) = vm(CollectorKind::StressConcurrent);
    let limit = lua.memory() + 600_000;
    lua.set_memory_limit(limit);
    let hoard = "local all = {} for i = 1, math.huge do all[i] = {i, 'number ' .. i} end";
    for _ in 0..5 {
        rounds(&mut lua, 300);
        lua.run(SCRIPT.as_bytes(), "=script").unwrap();
        let error = lua.run(hoard.as_bytes(), "=hoard").unwrap_err();
        assert_eq!(error.to_string(), "not enough memory");
        assert!(lua.memory() <= limit);
    }
    drop(lua);
    assert_eq!((counts.blocks(), counts.bytes()), (0, 0));
}
