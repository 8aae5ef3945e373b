//! A VM that has everything which tracing and sweeping treat in a way of its own.

use std::sync::Arc;

use lua_gc::{CollectorKind, CountingPages, HugePages, PageCounts};
use lua_parse::Compiler;
use lua_vm::Lua;

/// Suspended coroutines whose variables closures outlive and write to, weak tables, finalizers, strings that come again, a huge
/// table, closures made and dropped.
pub(crate) const SCRIPT: &[u8] = include_bytes!("script.lua");

/// A VM with all libraries, and what counts its pages.
pub(crate) fn vm(collector: CollectorKind) -> (Lua, Arc<PageCounts>) {
    let pages = CountingPages::over(HugePages::from_size(0));
    let counts = pages.counts();
    let mut lua = Lua::builder(Arc::new(Compiler)).pages(Box::new(pages)).collector(collector).open().unwrap();
    lua_std::open_all(&mut lua).unwrap();
    (lua, counts)
}

/// Sets how much the next run of [`SCRIPT`] does.
pub(crate) fn rounds(lua: &mut Lua, rounds: i64) {
    let globals = lua.globals();
    globals.set(lua, "ROUNDS", rounds).unwrap();
}
