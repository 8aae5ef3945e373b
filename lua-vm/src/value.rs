//! Values: a payload of 64 bits and a tag.
//!
//! The layout equals that of [`lua_proto::Constant`], so that frozen constant
//! tables are read in place. Values are copied field by field (the pair is passed in
//! two registers); nothing reads the seven bytes of padding.

use lua_gc::Header;
use lua_proto::tag as constant_tag;
use std::ptr::NonNull;

use crate::api::Native;
use crate::function::{Closure, HostClosure};
use crate::string::Str;
use crate::table::Table;
use crate::thread::Thread;
use crate::userdata::Userdata;

/// Tags. Those of constants are fixed by lua-proto; the rest stands around them.
pub(crate) mod tag {
    pub(crate) use super::constant_tag::{FALSE, FLOAT, INT, LONG, NIL, SHORT, TRUE};
    /// A light userdata.
    pub(crate) const POINTER: u8 = 5;
    /// A library function without upvalues: a pointer to its static description.
    pub(crate) const NATIVE: u8 = 6;
    /// The first tag whose payload points to an object of the heap or the pool.
    pub(crate) const FIRST_OBJECT: u8 = SHORT;
    pub(crate) const TABLE: u8 = 10;
    pub(crate) const CLOSURE: u8 = 11;
    pub(crate) const HOST_CLOSURE: u8 = 12;
    pub(crate) const USERDATA: u8 = 13;
    pub(crate) const THREAD: u8 = 14;
}

/// A Lua value inside the VM. `Copy`, untracked: whoever keeps one across a safepoint
/// keeps it in a slot that the collector scans.
#[derive(Clone, Copy)]
#[repr(C, align(8))]
pub(crate) struct Value {
    pub(crate) payload: u64,
    pub(crate) tag: u8,
}

const _: () = assert!(size_of::<Value>() == 16);
const _: () = assert!(size_of::<Value>() == size_of::<lua_proto::Constant>());

impl Value {
    pub(crate) const NIL: Value = Value { payload: 0, tag: tag::NIL };

    #[inline(always)]
    pub(crate) fn bool(b: bool) -> Value {
        Value { payload: 0, tag: tag::FALSE + b as u8 }
    }

    #[inline(always)]
    pub(crate) fn int(i: i64) -> Value {
        Value { payload: i as u64, tag: tag::INT }
    }

    #[inline(always)]
    pub(crate) fn float(f: f64) -> Value {
        Value { payload: f.to_bits(), tag: tag::FLOAT }
    }

    #[inline(always)]
    pub(crate) fn pointer(p: *mut ()) -> Value {
        Value { payload: p.expose_provenance() as u64, tag: tag::POINTER }
    }

    #[inline(always)]
    pub(crate) fn native(n: &'static Native) -> Value {
        Value { payload: std::ptr::from_ref(n).expose_provenance() as u64, tag: tag::NATIVE }
    }

    #[inline(always)]
    fn object<T>(p: *mut T, tag: u8) -> Value {
        Value { payload: p.expose_provenance() as u64, tag }
    }

    /// # Safety
    /// `s` points to a live string.
    #[inline(always)]
    pub(crate) unsafe fn str(s: *mut Str) -> Value {
        // SAFETY: the caller's promise.
        Value::object(s, if unsafe { (*s).is_short() } { tag::SHORT } else { tag::LONG })
    }

    #[inline(always)]
    pub(crate) fn table(t: *mut Table) -> Value {
        Value::object(t, tag::TABLE)
    }

    #[inline(always)]
    pub(crate) fn closure(c: *mut Closure) -> Value {
        Value::object(c, tag::CLOSURE)
    }

    #[inline(always)]
    pub(crate) fn host_closure(c: *mut HostClosure) -> Value {
        Value::object(c, tag::HOST_CLOSURE)
    }

    #[inline(always)]
    pub(crate) fn userdata(u: *mut Userdata) -> Value {
        Value::object(u, tag::USERDATA)
    }

    #[inline(always)]
    pub(crate) fn thread(t: *mut Thread) -> Value {
        Value::object(t, tag::THREAD)
    }

    #[inline(always)]
    pub(crate) fn is_nil(self) -> bool {
        self.tag == tag::NIL
    }

    /// Neither nil nor false.
    #[inline(always)]
    pub(crate) fn truthy(self) -> bool {
        self.tag > tag::FALSE
    }

    #[inline(always)]
    pub(crate) fn is_object(self) -> bool {
        self.tag >= tag::FIRST_OBJECT
    }

    #[inline(always)]
    pub(crate) fn is_str(self) -> bool {
        self.tag == tag::SHORT || self.tag == tag::LONG
    }

    #[inline(always)]
    pub(crate) fn is_number(self) -> bool {
        self.tag == tag::INT || self.tag == tag::FLOAT
    }

    #[inline(always)]
    pub(crate) fn is_function(self) -> bool {
        matches!(self.tag, tag::NATIVE | tag::CLOSURE | tag::HOST_CLOSURE)
    }

    #[inline(always)]
    pub(crate) fn as_int(self) -> i64 {
        self.payload as i64
    }

    #[inline(always)]
    pub(crate) fn as_float(self) -> f64 {
        f64::from_bits(self.payload)
    }

    #[inline(always)]
    pub(crate) fn as_ptr<T>(self) -> *mut T {
        std::ptr::with_exposed_provenance_mut(self.payload as usize)
    }

    #[inline(always)]
    pub(crate) fn as_table(self) -> *mut Table {
        self.as_ptr()
    }

    #[inline(always)]
    pub(crate) fn as_str(self) -> *mut Str {
        self.as_ptr()
    }

    #[inline(always)]
    pub(crate) fn as_closure(self) -> *mut Closure {
        self.as_ptr()
    }

    /// The object of a value for which [`Value::is_object`] holds.
    ///
    /// # Safety
    /// The tag says that the payload is a pointer.
    #[inline(always)]
    pub(crate) unsafe fn header(self) -> NonNull<Header> {
        debug_assert!(self.is_object());
        // SAFETY: payloads of object tags are never null.
        unsafe { NonNull::new_unchecked(self.as_ptr()) }
    }

    /// A number as a float, if it is a number (no strings).
    #[inline(always)]
    pub(crate) fn number(self) -> Option<f64> {
        match self.tag {
            tag::INT => Some(self.as_int() as f64),
            tag::FLOAT => Some(self.as_float()),
            _ => None,
        }
    }

    /// Raw equality (`rawequal`, §6.1).
    ///
    /// # Safety
    /// Both are live values of one VM.
    pub(crate) unsafe fn raw_equal(self, other: Value) -> bool {
        match (self.tag, other.tag) {
            (tag::INT, tag::FLOAT) => {
                self.as_int() as f64 == other.as_float()
                    && other.as_float() as i64 == self.as_int()
                    && other.as_float() < 9223372036854775808.0
            }
            (tag::FLOAT, tag::INT) => {
                // SAFETY: as the caller promised.
                unsafe { other.raw_equal(self) }
            }
            (tag::FLOAT, tag::FLOAT) => self.as_float() == other.as_float(),
            // SAFETY: live strings, as the caller promised.
            (tag::LONG, tag::LONG) => self.payload == other.payload || unsafe { (*self.as_str()).bytes() == (*other.as_str()).bytes() },
            (a, b) => a == b && (a <= tag::TRUE || self.payload == other.payload),
        }
    }

    /// The name of the type as `type` gives it (§6.1).
    pub(crate) fn type_name(self) -> &'static str {
        match self.tag {
            tag::NIL => "nil",
            tag::FALSE | tag::TRUE => "boolean",
            tag::INT | tag::FLOAT => "number",
            tag::SHORT | tag::LONG => "string",
            tag::TABLE => "table",
            tag::NATIVE | tag::CLOSURE | tag::HOST_CLOSURE => "function",
            tag::POINTER | tag::USERDATA => "userdata",
            tag::THREAD => "thread",
            _ => "no value",
        }
    }
}

/// Copies a value field by field; the padding is not touched.
///
/// # Safety
/// Both pointers are valid slots.
#[inline(always)]
pub(crate) unsafe fn copy(to: *mut Value, from: *const Value) {
    // SAFETY: the caller's promise.
    unsafe {
        let payload = (*from).payload;
        let tag = (*from).tag;
        (*to).payload = payload;
        (*to).tag = tag;
    }
}
