//! The embedding of the README.

// README
use lua_parse::Compiler;
use lua_vm::{Lua, Table};
use std::sync::Arc;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut lua = Lua::new(Arc::new(Compiler))?;
    lua_std::open_all(&mut lua)?;
    let globals = lua.globals();
    let double = lua.create_function(|_, n: i64| Ok(n * 2))?;
    globals.set(&mut lua, "double", double)?;
    let chunk = lua.load(b"return {n = double(21), name = ...}", "=example")?;
    let table: Table = chunk.call(&mut lua, "answer")?;
    println!("{}", table.get::<i64>(&mut lua, "n")?);
    Ok(())
}
