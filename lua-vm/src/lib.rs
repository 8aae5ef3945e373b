//! The virtual machine: values, tables, closures, coroutines, execution, and the embedding API.
//!
//! A [`Lua`] is one isolated VM. It runs functions that a [`lua_proto::Loader`] hands it, which many VMs share, and
//! owns a heap of [`lua_gc`]. Nothing here knows the compiler, nor which collector runs.
//!
//! Read [`api`] for what hosts use. Inside, read `value.rs`, `table.rs`, `function.rs` and `thread.rs` for the
//! layout, then `exec.rs` for execution within a frame and `flow.rs` for what moves between frames.

#![allow(unsafe_op_in_unsafe_fn)]

mod value;
mod string;
mod table;
mod function;
mod userdata;
mod thread;
mod object;
mod meta;
mod vm;
mod exec;
mod flow;
mod error;
mod names;
mod debug;
mod hook;
mod warn;
pub mod api;

pub use api::*;
pub use error::Error;
pub use exec::ArithOp;
