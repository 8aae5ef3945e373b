//! Execution: one function per opcode, two ways to get from one to the next.
//!
//! A handler takes the state of the running frame in registers: the VM, the *next* pc, its instruction, the
//! delta to the inline caches, the base and the constants. It does its work and passes on to the
//! next one through [`Dispatch`]:
//!
//! - [`Threaded`](dispatch::Threaded): a call in tail position through the table in the VM, which the compiler turns into a jump;
//! - [`Looped`](dispatch::Looped): a return to a `match` in a loop, into which all handlers are inlined.
//!
//! **Discipline.** What may raise an error, allocate, run Lua or move the stack first saves the pc in the frame, and
//! afterwards continues with [`Dispatch::resume`], which reloads everything. Slow paths are outlined with the same signature, so that a handler
//! never has a live local across a call. Handlers hold no value that needs dropping.
//!
//! [`pairs`] are made of handlers: the second takes the place of what leads from the first to the next.
//!
//! Start at [`get`], table access, with the inline caches of [`index`], then [`call`].

mod arith;
mod call;
#[cfg(debug_assertions)]
mod check;
mod compare;
mod concat;
mod dispatch;
mod get;
pub(crate) mod index;
mod len;
mod loops;
mod metamethod;
mod method;
mod moves;
mod native;
mod pairs;
mod probe;
mod returns;
mod set;

pub use arith::ArithOp;
pub(crate) use arith::to_integer;
pub(crate) use compare::{is_comparison, is_negated};
pub(crate) use dispatch::{Dispatch, ExitReason, HANDLERS, Handler, handlers, run};
pub(crate) use native::{DirectFn, direct};
pub(crate) use probe::threaded_is_safe;
