//! The embedding API as a host uses it, with a compiler and the standard libraries.

#[path = "../busy/mod.rs"]
mod busy;
mod concurrent;
mod conversions;
mod errors;
mod handles;
mod idle;
mod limits;
mod misuse;
mod names;
mod natives;
mod resumable;
mod userdata;

use lua_parse::Compiler;
use lua_vm::{FromLuaMulti, Lua};
use std::sync::Arc;

/// A VM with all libraries.
fn lua() -> Lua {
    let mut lua = Lua::new(Arc::new(Compiler)).unwrap();
    lua_std::open_all(&mut lua).unwrap();
    lua
}

/// The results of a chunk.
fn eval<R: FromLuaMulti>(lua: &mut Lua, chunk: &str) -> R {
    let function = lua.load(chunk.as_bytes(), "=chunk").unwrap();
    match function.call(lua, ()) {
        Ok(results) => results,
        Err(e) => panic!("{chunk}: {e}"),
    }
}

/// The message with which a chunk fails.
fn fails(lua: &mut Lua, chunk: &str) -> String {
    match lua.run(chunk.as_bytes(), "=chunk") {
        Ok(()) => panic!("{chunk}: no error"),
        Err(e) => e.to_string(),
    }
}
