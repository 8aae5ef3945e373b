//! What the borrow checker keeps from going wrong: each rule with a program that follows it and one that does not compile.
//!
//! A borrowed value ends where something may allocate or run Lua. What must survive is kept in a slot, or copied:
//!
//! ```
//! # use lua_vm::{Cx, Error};
//! fn twice(cx: &mut Cx<'_>) -> Result<Vec<u8>, Error> {
//!     let text = cx.bytes(0).to_vec();
//!     cx.push_bytes(&text)?;
//!     Ok(text)
//! }
//! ```
//!
//! ```compile_fail,E0502
//! # use lua_vm::{Cx, Error};
//! fn twice(cx: &mut Cx<'_>) -> Result<Vec<u8>, Error> {
//!     let text = cx.bytes(0);
//!     cx.push_bytes(text)?;
//!     Ok(text.to_vec())
//! }
//! ```
//!
//! The same for a [`Value`](crate::Value) across a call of Lua:
//!
//! ```
//! # use lua_vm::{Cx, Error, Value};
//! fn call(cx: &mut Cx<'_>) -> Result<bool, Error> {
//!     cx.call(0, 1)?;
//!     let value: Value<'_> = cx.get(0);
//!     Ok(matches!(value, Value::Nil))
//! }
//! ```
//!
//! ```compile_fail,E0502
//! # use lua_vm::{Cx, Error, Value};
//! fn call(cx: &mut Cx<'_>) -> Result<bool, Error> {
//!     let value: Value<'_> = cx.get(0);
//!     cx.call(0, 1)?;
//!     Ok(matches!(value, Value::Nil))
//! }
//! ```
//!
//! A reference to the Rust value of a userdata ends there too:
//!
//! ```
//! # use lua_vm::{Cx, Error};
//! fn length(cx: &mut Cx<'_>) -> Result<usize, Error> {
//!     let length = cx.userdata::<String>(0).map_or(0, |text| text.len());
//!     cx.push_table(0, 0)?;
//!     Ok(length)
//! }
//! ```
//!
//! ```compile_fail,E0502
//! # use lua_vm::{Cx, Error};
//! fn length(cx: &mut Cx<'_>) -> Result<usize, Error> {
//!     let text = cx.userdata::<String>(0);
//!     cx.push_table(0, 0)?;
//!     Ok(text.map_or(0, |text| text.len()))
//! }
//! ```
//!
//! and there is only one, if it is mutable:
//!
//! ```compile_fail,E0499
//! # use lua_vm::Cx;
//! fn swap(cx: &mut Cx<'_>) {
//!     let a = cx.userdata_mut::<String>(0);
//!     let b = cx.userdata_mut::<String>(1);
//!     if let (Some(a), Some(b)) = (a, b) {
//!         std::mem::swap(a, b);
//!     }
//! }
//! ```
//!
//! A view of a handle borrows the VM as well:
//!
//! ```
//! # use lua_vm::{AnyValue, Error, Lua, Value};
//! fn look(lua: &mut Lua, value: &AnyValue) -> Result<bool, Error> {
//!     lua.run(b"", "=chunk")?;
//!     Ok(matches!(value.view(lua)?, Value::Nil))
//! }
//! ```
//!
//! ```compile_fail,E0502
//! # use lua_vm::{AnyValue, Error, Lua, Value};
//! fn look(lua: &mut Lua, value: &AnyValue) -> Result<bool, Error> {
//!     let view = value.view(lua)?;
//!     lua.run(b"", "=chunk")?;
//!     Ok(matches!(view, Value::Nil))
//! }
//! ```
//!
//! Nothing borrowed leaves [`Lua::with`](crate::Lua::with); handles do:
//!
//! ```
//! # use lua_vm::{Error, Lua, Table};
//! fn globals(lua: &mut Lua) -> Result<Table, Error> {
//!     lua.with(|cx| {
//!         cx.push_globals();
//!         cx.read(0)
//!     })
//! }
//! ```
//!
//! ```compile_fail
//! # use lua_vm::{Error, Lua, Value};
//! fn globals(lua: &mut Lua) -> Result<Value<'_>, Error> {
//!     lua.with(|cx| {
//!         cx.push_globals();
//!         Ok(cx.get(0))
//!     })
//! }
//! ```
//!
//! A VM cannot be entered while it is in use:
//!
//! ```compile_fail,E0500
//! # use lua_vm::{Error, Lua};
//! fn twice(lua: &mut Lua) -> Result<(), Error> {
//!     lua.with(|_| lua.with(|_| Ok(())))
//! }
//! ```
//!
//! and windows of two VMs cannot change places:
//!
//! ```compile_fail
//! # use lua_vm::{Error, Lua};
//! fn exchange(a: &mut Lua, b: &mut Lua) -> Result<(), Error> {
//!     a.with(|a| b.with(|b| Ok(std::mem::swap(a, b))))
//! }
//! ```
//!
//! What scripts hold can move to another thread with its VM: `Rc` cannot be in a userdata,
//!
//! ```
//! # use lua_vm::{Cx, Error};
//! fn share(cx: &mut Cx<'_>) -> Result<(), Error> {
//!     cx.push_userdata(std::sync::Arc::new(1), 0)
//! }
//! ```
//!
//! ```compile_fail,E0277
//! # use lua_vm::{Cx, Error};
//! fn share(cx: &mut Cx<'_>) -> Result<(), Error> {
//!     cx.push_userdata(std::rc::Rc::new(1), 0)
//! }
//! ```
//!
//! ```compile_fail,E0277
//! # use lua_vm::Userdata;
//! struct Shared(std::rc::Rc<i64>);
//! impl Userdata for Shared {
//!     const NAME: &'static str = "Shared";
//! }
//! ```
//!
//! nor in a closure,
//!
//! ```
//! # use lua_vm::{Error, Function, Lua};
//! fn counter(lua: &mut Lua) -> Result<Function, Error> {
//!     let count = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(0));
//!     lua.create_function(move |_, ()| Ok(count.fetch_add(1, std::sync::atomic::Ordering::Relaxed)))
//! }
//! ```
//!
//! ```compile_fail,E0277
//! # use lua_vm::{Error, Function, Lua};
//! fn counter(lua: &mut Lua) -> Result<Function, Error> {
//!     let count = std::rc::Rc::new(std::cell::Cell::new(0));
//!     lua.create_function(move |_, ()| Ok(count.replace(count.get() + 1)))
//! }
//! ```
//!
//! and neither borrows what may be gone before the VM:
//!
//! ```compile_fail,E0597
//! # use lua_vm::{Error, Function, Lua};
//! fn length(lua: &mut Lua) -> Result<Function, Error> {
//!     let text = String::from("text");
//!     let borrowed = &text;
//!     lua.create_function(move |_, ()| Ok(borrowed.len()))
//! }
//! ```
//!
//! The window itself stays on its thread:
//!
//! ```compile_fail,E0277
//! # use lua_vm::Cx;
//! fn send(cx: &mut Cx<'_>) {
//!     std::thread::scope(|scope| {
//!         scope.spawn(|| cx.push_nil());
//!     });
//! }
//! ```
