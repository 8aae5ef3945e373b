//! Userdata that Rust holds.

use std::any::Any;

use super::super::convert::misfit;
use super::super::{Lua, cx};
use super::{UserdataHandle, foreign};
use crate::error::{Error, Result};
use crate::userdata::Userdata;

impl UserdataHandle {
    fn object(&self, lua: &Lua) -> Result<*mut Userdata> {
        Ok(self.0.value(lua.vm_ref()).ok_or_else(foreign)?.as_ptr())
    }

    /// The Rust value, borrowed from the VM: nothing can run meanwhile.
    ///
    /// # Errors
    /// It is no `T`; the handle belongs to another VM.
    pub fn borrow<'l, T: Any + Send>(&self, lua: &'l Lua) -> Result<&'l T> {
        let object = self.object(lua)?;
        // SAFETY: the handle holds a userdata and keeps it alive. What could drop the handle's last clone and then collect
        // the object needs the VM exclusively, which is borrowed as long as the result.
        unsafe { (*object).data.downcast_ref::<T>() }.ok_or_else(wrong_type)
    }

    /// The Rust value, mutable.
    ///
    /// # Errors
    /// As for [`UserdataHandle::borrow`].
    pub fn borrow_mut<'l, T: Any + Send>(&self, lua: &'l mut Lua) -> Result<&'l mut T> {
        let object = self.object(lua)?;
        // SAFETY: as above; the exclusive borrow of the VM makes this the only view.
        unsafe { (*object).data.downcast_mut::<T>() }.ok_or_else(wrong_type)
    }

    /// The Rust value, in a host function.
    ///
    /// # Errors
    /// As for [`UserdataHandle::borrow`].
    pub fn borrow_in<'c, T: Any + Send>(&self, cx: &'c cx::Cx<'_>) -> Result<&'c T> {
        let object: *mut Userdata = self.0.value_in(cx)?.as_ptr();
        // SAFETY: as for `borrow`; everything that runs Lua or collects needs the `Cx` exclusively.
        unsafe { (*object).data.downcast_ref::<T>() }.ok_or_else(wrong_type)
    }

    /// The Rust value, in a host function, mutable.
    ///
    /// # Errors
    /// As for [`UserdataHandle::borrow`].
    pub fn borrow_mut_in<'c, T: Any + Send>(&self, cx: &'c mut cx::Cx<'_>) -> Result<&'c mut T> {
        let object: *mut Userdata = self.0.value_in(cx)?.as_ptr();
        // SAFETY: as for `borrow_mut`.
        unsafe { (*object).data.downcast_mut::<T>() }.ok_or_else(wrong_type)
    }
}

#[cold]
fn wrong_type() -> Error {
    misfit(0, "userdata of another type")
}
