//! Owned handles: roots that Rust holds.
//!
//! A handle is an index into the VM's table of handles. Dropping one, on any thread and also while the VM runs on another,
//! puts the index on a queue that the VM empties at its next safepoint.

mod function;
mod table;
mod userdata;

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use super::convert::mismatch;
use super::cx::view;
use super::{Access, Cx, FromLua, IntoLua, Lua};
use crate::error::{Error, Result};
use crate::value::{Value, tag};
use crate::vm::Vm;

/// Handles that were dropped.
#[derive(Default)]
pub(crate) struct Released {
    queue: Mutex<Vec<u32>>,
}

impl Released {
    pub(crate) fn take(&self) -> Vec<u32> {
        std::mem::take(&mut *self.queue.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A rooted value.
pub(crate) struct Handle {
    index: u32,
    released: Arc<Released>,
}

impl Handle {
    pub(crate) fn new(vm: &mut Vm, value: Value) -> Handle {
        let index = vm.new_handle(value);
        Handle { index, released: Arc::clone(&vm.released) }
    }

    /// The value.
    ///
    /// # Errors
    /// The handle belongs to another VM.
    #[inline]
    pub(crate) fn value_in(&self, cx: &Cx<'_>) -> Result<Value> {
        self.value(cx.vm_ref()).ok_or_else(foreign)
    }

    /// The value, if the handle belongs to this VM.
    pub(crate) fn value(&self, vm: &Vm) -> Option<Value> {
        Arc::ptr_eq(&self.released, &vm.released).then(|| vm.roots.handles[self.index as usize])
    }
}

#[cold]
fn foreign() -> Error {
    Error::text("handle of another VM")
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.released.queue.lock().unwrap_or_else(PoisonError::into_inner).push(self.index);
    }
}

/// The bytes of a string, held by Rust: readable without the VM, also while it runs Lua, and after it is gone.
///
/// A copy of the string; clones share it.
#[derive(Clone)]
pub struct HeldStr(Arc<[u8]>);

impl HeldStr {
    pub(crate) fn new(bytes: &[u8]) -> HeldStr {
        HeldStr(bytes.into())
    }
}

impl Deref for HeldStr {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for HeldStr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(self))
    }
}

macro_rules! owned {
    ($($(#[$doc:meta])* $name:ident, $expected:literal, $fits:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// Owned: it keeps the value alive. `Send`; clones may be dropped on any thread. Every operation names the VM, and
        /// fails if it is another one.
        #[derive(Clone)]
        pub struct $name(Arc<Handle>);

        impl $name {
            /// Holds a value of the right type.
            #[allow(dead_code)]
            pub(crate) fn new(vm: &mut Vm, value: Value) -> $name {
                $name(Arc::new(Handle::new(vm, value)))
            }

            /// Whether this and another value are raw equal: for objects, the same.
            ///
            /// # Errors
            /// A handle belongs to another VM.
            pub fn same(&self, lua: &mut impl Access, other: impl IntoLua) -> Result<bool> {
                lua.access(|cx| {
                    let slot = cx.top();
                    cx.push_value(self)?;
                    cx.push_value(other)?;
                    Ok(cx.raw_equal(slot, slot + 1))
                })
            }
        }

        impl FromLua for $name {
            fn from_lua(cx: &mut Cx<'_>, slot: u32) -> Result<$name> {
                let value = cx.value(slot);
                let fits: fn(Value) -> bool = $fits;
                if fits(value) { Ok($name::new(cx.vm(), value)) } else { Err(mismatch(cx, slot, $expected)) }
            }
        }

        impl IntoLua for $name {
            fn into_lua(self, cx: &mut Cx<'_>) -> Result<()> {
                (&self).into_lua(cx)
            }
        }

        impl IntoLua for &$name {
            #[inline]
            fn into_lua(self, cx: &mut Cx<'_>) -> Result<()> {
                let value = self.0.value_in(cx)?;
                cx.push(value);
                Ok(())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0.index)
            }
        }
    )*};
}

owned! {
    /// A table that Rust holds.
    Table, "table", |v| v.tag == tag::TABLE;
    /// A function that Rust holds.
    Function, "function", Value::is_function;
    /// A full userdata that Rust holds.
    UserdataHandle, "userdata", |v| v.tag == tag::USERDATA;
    /// Any value that Rust holds.
    AnyValue, "value", |_| true;
}

impl AnyValue {
    /// A borrowed view of the value.
    ///
    /// # Errors
    /// The handle belongs to another VM.
    pub fn view<'l>(&self, lua: &'l Lua) -> Result<super::Value<'l>> {
        // The handle keeps the value, and nothing runs while the VM is borrowed.
        self.0.value(lua.vm_ref()).map(view).ok_or_else(foreign)
    }

    /// Converts the value.
    ///
    /// # Errors
    /// The value does not fit; the handle belongs to another VM.
    pub fn read<T: FromLua>(&self, lua: &mut impl Access) -> Result<T> {
        lua.access(|cx| {
            cx.push_value(self)?;
            cx.read(cx.top() - 1)
        })
    }
}

impl Error {
    /// The Lua value of the error, of any type.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn value(&self, lua: &mut impl Access) -> Result<AnyValue> {
        lua.access(|cx| {
            cx.push_error(self);
            cx.read(cx.top() - 1)
        })
    }
}
