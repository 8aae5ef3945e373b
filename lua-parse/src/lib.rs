//! Lua 5.4 tokens to a syntax tree, and the tree to prototypes.
//!
//! [`parse`] makes an [`ast::Ast`], which tools can use as well: scopes are resolved, jumps have
//! their labels, everything knows its place in the source. `compile` makes code of it.
//!
//! Nothing here knows a VM or a heap: what comes out is plain data.
//!
//! Start at [`ast`], then `parser.rs`.

#![forbid(unsafe_code)]

pub mod ast;
mod compile;
mod error;
mod loader;
mod parser;

pub use compile::compile;
pub use error::SyntaxError;
pub use loader::Compiler;
pub use lua_proto::chunk_id;
pub use parser::parse;
