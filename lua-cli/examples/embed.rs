//! The embedding of the README.

// README
use lua_parse::Compiler;
use lua_vm::Lua;
use std::sync::Arc;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut lua = Lua::new(Arc::new(Compiler))?;
    lua_std::open_all(&mut lua)?;
    lua.with(|cx| {
        cx.push_globals();
        cx.push_rust_closure(|cx| {
            cx.push_int(cx.check_int(0)? * 2);
            Ok(cx.returns(1))
        })?;
        cx.set_field(0, "double")
    })?;
    lua.run(b"print(double(21)) --> 42", "=example")?;
    Ok(lua_std::stream::flush_standard()?)
}
