//! Owned handles: roots that Rust holds.
//!
//! A handle is an index into the VM's table of handles. Dropping one, on any thread and also while the VM runs on another,
//! puts the index on a queue that the VM empties at its next safepoint.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use crate::value::Value;
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

    pub(crate) fn index(&self) -> u32 {
        self.index
    }

    /// The value, if the handle belongs to this VM.
    pub(crate) fn value(&self, vm: &Vm) -> Option<Value> {
        Arc::ptr_eq(&self.released, &vm.released).then(|| vm.roots.handles[self.index as usize])
    }
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
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// Owned: it keeps the value alive. `Send`, and may be dropped on any thread.
        pub struct $name(pub(crate) Handle);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0.index)
            }
        }
    )*};
}

owned! {
    /// A table that Rust holds.
    Table;
    /// A function that Rust holds.
    Function;
    /// Any value that Rust holds.
    AnyValue;
}
