//! The virtual machine: values, tables, closures, coroutines, execution, and the embedding API.
//!
//! A [`Lua`] is one isolated VM. It runs functions that a [`lua_proto::Loader`] hands it, which many VMs share, and
//! owns a heap of [`lua_gc`]. Nothing here knows the compiler, nor which collector runs.
//!
//! A VM without a compiler, for a language of its own: a chunk is an integer, which the function that it becomes adds to
//! its argument.
//!
//! ```
//! use lua_proto::{Chunk, Draft, DraftConstant, Instr, LoadError, Loader, Op, Proto, SLOT};
//! use lua_vm::{Error, Lua};
//! use std::sync::Arc;
//!
//! struct Adders;
//!
//! impl Loader for Adders {
//!     fn load(&self, chunk: Chunk<'_>) -> Result<Arc<Proto>, LoadError> {
//!         let text = String::from_utf8_lossy(chunk.bytes);
//!         let number = text.trim().parse().map_err(|_| LoadError::Syntax(b"no integer".to_vec()))?;
//!         let draft = Draft {
//!             source: chunk.name.to_vec(),
//!             params: 1,
//!             max_stack: 2,
//!             constants: vec![DraftConstant::Int(number)],
//!             code: vec![
//!                 Instr::wide(Op::LoadK, 0, SLOT as u16, 0),
//!                 Instr::new(Op::Add, 0, 0, 0, SLOT as u16),
//!                 Instr::new(Op::Return1, 0, 0, 0, 0),
//!             ],
//!             lines: vec![1, 1, 1],
//!             ..Draft::default()
//!         };
//!         draft.freeze().map_err(|e| LoadError::refused(chunk.name, &e))
//!     }
//! }
//!
//! let mut lua = Lua::new(Arc::new(Adders))?;
//! let add = lua.load(b"40", "=forty")?;
//! assert_eq!(add.call::<i64>(&mut lua, 2)?, 42);
//!
//! // A Rust closure as a global, and a Lua function that gets what it returns.
//! let globals = lua.globals();
//! let half = lua.create_function(|_, n: i64| Ok(n / 2))?;
//! globals.set(&mut lua, "half", half)?;
//! let half: lua_vm::Function = globals.get(&mut lua, "half")?;
//! let n: i64 = half.call(&mut lua, 10)?;
//! assert_eq!(add.call::<i64>(&mut lua, n)?, 45);
//!
//! // Errors carry Lua's message, and what raised them.
//! let e = add.call::<i64>(&mut lua, "x").unwrap_err();
//! assert_eq!(e.to_string(), "forty:1: attempt to perform arithmetic on a string value");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Read [`api`] for what hosts use. Inside, read `value.rs`, `table.rs`, `function.rs` and `thread.rs` for the
//! layout, then `exec.rs` for execution within a frame and `flow.rs` for what moves between frames.

#![allow(unsafe_op_in_unsafe_fn)]
// Each check of a fast path stands on a line of its own, in the order in which it runs.
#![allow(clippy::collapsible_if, clippy::collapsible_match, clippy::collapsible_else_if)]

pub mod api;
mod debug;
mod error;
mod exec;
mod flow;
mod function;
mod homes;
mod hook;
mod meta;
mod names;
mod object;
mod own_code;
mod string;
mod table;
mod thread;
mod update;
mod userdata;
mod value;
mod vm;
mod warn;

pub use api::*;
pub use error::Error;
pub use exec::ArithOp;
