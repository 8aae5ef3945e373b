//! Functions that Rust holds.

use lua_proto::Proto;
use std::sync::Arc;

use super::super::{Access, FromLuaMulti, IntoLuaMulti};
use super::Function;
use crate::error::Result;

impl Function {
    /// Calls the function. It cannot yield: a host function that must let its callee yield uses
    /// [`Cx::call_k`](crate::Cx::call_k).
    ///
    /// # Errors
    /// What the function raised, with value, cause, and, if the call comes from outside of the VM, traceback; an argument or a result does not fit.
    pub fn call<R: FromLuaMulti>(&self, lua: &mut impl Access, arguments: impl IntoLuaMulti) -> Result<R> {
        lua.access(|cx| {
            let first = cx.top();
            cx.push_value(self)?;
            let count = arguments.into_lua_multi(cx)?;
            cx.call(count, -1)?;
            cx.results(first)
        })
    }

    /// The prototype, if this is a Lua function: immutable, shared by all VMs, and what [`Lua::instantiate`](crate::Lua::instantiate)
    /// makes a function from in another VM.
    ///
    /// # Errors
    /// The handle belongs to another VM.
    pub fn proto(&self, lua: &mut impl Access) -> Result<Option<Arc<Proto>>> {
        lua.access(|cx| {
            cx.push_value(self)?;
            Ok(cx.proto_of(cx.top() - 1))
        })
    }
}
