//! What owned handles need to do anything: the VM, or a host function's window on it.

use super::{Cx, Lua};
use crate::error::{Error, Result};

/// A way into a VM: [`Lua`] outside of it, [`Cx`] in a host function.
///
/// Handles take one with every operation, because they do not borrow the VM themselves.
pub trait Access: sealed::Sealed {
    /// Runs Rust code on slots above those in use; they are dropped at the end.
    ///
    /// # Errors
    /// What `f` returns.
    fn access<R>(&mut self, f: impl FnOnce(&mut Cx<'_>) -> Result<R, Error>) -> Result<R, Error>;
}

impl Access for Lua {
    fn access<R>(&mut self, f: impl FnOnce(&mut Cx<'_>) -> Result<R, Error>) -> Result<R, Error> {
        self.with(f)
    }
}

impl Access for Cx<'_> {
    #[inline]
    fn access<R>(&mut self, f: impl FnOnce(&mut Cx<'_>) -> Result<R, Error>) -> Result<R, Error> {
        let top = self.top();
        let result = f(self);
        self.pop(self.top().saturating_sub(top));
        result
    }
}

mod sealed {
    /// Nothing else leads into a VM.
    pub trait Sealed {}
    impl Sealed for super::Lua {}
    impl Sealed for super::Cx<'_> {}
}
