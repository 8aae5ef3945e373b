//! Full userdata: a Rust value with a metatable and user values.

use lua_gc::{Header, OutOfMemory};
use std::any::Any;
use std::ptr;

use crate::object::{Heap, kind};
use crate::table::Table;
use crate::value::Value;

/// A full userdata; its user values stand behind it.
// The values behind it are aligned as values are, also where pointers are shorter.
#[repr(C, align(8))]
pub(crate) struct Userdata {
    pub(crate) header: Header,
    _unused: u16,
    pub(crate) value_count: u32,
    pub(crate) meta: *mut Table,
    /// What the host put in.
    pub(crate) data: Box<dyn Any + Send>,
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Userdata>() == 32);

impl Userdata {
    pub(crate) const fn size_for(values: usize) -> usize {
        size_of::<Userdata>() + 16 * values
    }

    /// A userdata whose user values are nil.
    pub(crate) fn new(heap: &mut Heap, data: Box<dyn Any + Send>, values: usize) -> Result<*mut Userdata, OutOfMemory> {
        let u = heap.alloc(Userdata::size_for(values), kind::USERDATA)?.as_ptr().cast::<Userdata>();
        // SAFETY: fresh memory of that size.
        unsafe {
            (*u)._unused = 0;
            (*u).value_count = values as u32;
            (*u).meta = ptr::null_mut();
            (&raw mut (*u).data).write(data);
            for i in 0..values {
                *Userdata::value(u, i) = Value::NIL;
            }
        }
        Ok(u)
    }

    /// # Safety
    /// `i < value_count`.
    #[inline]
    pub(crate) unsafe fn value(this: *mut Userdata, i: usize) -> *mut Value {
        // SAFETY: the caller's promise.
        unsafe { this.add(1).cast::<Value>().add(i) }
    }
}
