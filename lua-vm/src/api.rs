//! The embedding API.
//!
//! Two layers. [`Cx`] is what a host function gets: a window on the stack, addressed by slots; the standard
//! library is written on it. [`Lua`] with its owned handles ([`Table`], [`Function`]) and conversions ([`FromLua`], [`IntoLua`]) is
//! what a host holds.
//!
//! A [`Value`] borrows the VM, so it cannot outlive anything that may allocate or run Lua (which takes `&mut`); what must
//! survive stays in a slot or in a handle.

mod access;
mod args;
mod buffer;
mod call;
mod check;
mod clock;
mod closures;
mod convert;
mod cx;
mod debug_api;
pub(crate) mod handle;
mod idle;
mod load;
mod lua;
mod methods;
mod native;
mod push;
mod rooting;
mod tables;
mod update;
mod userdata;
mod wrapper;

pub use crate::update::{ModuleUpdate, Obstacle, ObstacleKind, Outdated, UpdateError, Updated};
pub use access::Access;
pub use args::{Answer, Args};
pub use buffer::Buffer;
pub use convert::{ConversionError, FromLua, FromLuaMulti, IntoLua, IntoLuaMulti, Rest};
pub use cx::{CompareOp, Cx, FunctionRef, GcRequest, GcResult, Status, TableRef, ThreadRef, Type, UserdataRef, Value};
pub use debug_api::*;
pub use handle::{AnyValue, Function, HeldStr, Table, UserdataHandle};
pub use idle::GcBudget;
#[cfg(feature = "sabotage")]
pub use lua::Omission;
pub use lua::{Builder, Interrupt, Lua, OpenError};
pub use lua_gc::CollectorKind;
pub use methods::{Methods, Userdata};
pub(crate) use native::Step;
pub use native::{Continuation, HostFn, Native, Outcome, Resumed, Shortcut, ValueFn};
pub(crate) use wrapper::wrapped_resumed;
