//! Lua 5.4 tokens to a syntax tree, and the tree to prototypes.
//!
//! [`parse`] makes an [`ast::Ast`], which tools can use as well: scopes are resolved, jumps have
//! their labels, everything knows its place in the source. `compile` makes code of it.
//!
//! Nothing here knows a VM or a heap: what comes out is plain data.
//!
//! ```
//! let ast = lua_parse::parse(b"local greeting <const> = 'hi'  print(greeting .. name)", b"=example")?;
//! assert_eq!(
//!     lua_parse::print(&ast),
//!     "(local greeting#0<const> = \"hi\")\n(call print (.. greeting#0 name))\n",
//! );
//!
//! let error = lua_parse::parse(b"for i = 1 do", b"=example").unwrap_err();
//! assert_eq!(error.to_string(), "example:1: ',' expected near 'do'");
//! # Ok::<(), lua_parse::SyntaxError>(())
//! ```
//!
//! Start at [`ast`], then `parser.rs`.

#![forbid(unsafe_code)]

pub mod ast;
mod compile;
mod error;
mod loader;
mod parser;
mod print;

pub use compile::{compile, compile_source};
pub use error::SyntaxError;
pub use loader::Compiler;
pub use lua_proto::chunk_id;
pub use parser::parse;
pub use print::print;
