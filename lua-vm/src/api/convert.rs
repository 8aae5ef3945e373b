//! Conversions between Rust and Lua values.
//!
//! | Rust | Lua |
//! |---|---|
//! | `bool` | boolean |
//! | `i8` … `i64`, `u8` … `u64`, `isize`, `usize` | integer, checked for range; a float with an integral value and a numeral are read too |
//! | `f32`, `f64`, [`Number`](lua_proto::number::Number) | number |
//! | `&str`, `String` (read: UTF-8), `&[u8]`, `Vec<u8>`, [`HeldStr`](super::HeldStr) | string; numbers are read too |
//! | `Option<T>` | nil, or `T` |
//! | `Vec<T>`, `&[T]`, `[T; N]` | table with items 1, 2, … up to the first nil |
//! | `HashMap<K, V>`, `BTreeMap<K, V>` | table, traversed raw |
//! | [`Table`](super::Table), [`Function`](super::Function), [`UserdataHandle`](super::UserdataHandle), [`AnyValue`](super::AnyValue) | the object itself |
//! | a [`Userdata`](super::Userdata) | a new full userdata |
//! | `()`, tuples, [`Rest<T>`] | several values |

mod lists;
mod multi;
mod plain;
mod strings;

pub(crate) use lists::read_pairs;
pub use multi::Rest;

use super::Cx;
use crate::error::{Error, Result};

/// What can be pushed as one Lua value.
#[diagnostic::on_unimplemented(message = "`{Self}` is no Lua value", note = "implement `lua_vm::Userdata` to hand out a Rust object")]
pub trait IntoLua: Sized {
    /// Pushes the value.
    ///
    /// # Errors
    /// "not enough memory"; a number that does not fit; a handle of another VM.
    fn into_lua(self, cx: &mut Cx<'_>) -> Result<(), Error>;

    /// Pushes a list: a table, except that a list of `u8` is a string.
    #[doc(hidden)]
    fn list_into_lua(list: impl ExactSizeIterator<Item = Self>, cx: &mut Cx<'_>) -> Result<(), Error> {
        lists::push_table(list, cx)
    }
}

/// What can be read from one Lua value.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be read from a Lua value")]
pub trait FromLua: Sized {
    /// Reads the value in a slot; leaves as many slots as there were.
    ///
    /// # Errors
    /// The value does not fit: [`ConversionError`] is the error's cause.
    fn from_lua(cx: &mut Cx<'_>, slot: u32) -> Result<Self, Error>;

    /// Reads a list: a table, except that a list of `u8` is a string.
    #[doc(hidden)]
    fn list_from_lua(cx: &mut Cx<'_>, slot: u32) -> Result<Vec<Self>, Error> {
        lists::read_table(cx, slot)
    }
}

/// What can be pushed as a list of Lua values.
#[diagnostic::on_unimplemented(message = "`{Self}` is no list of Lua values")]
pub trait IntoLuaMulti {
    /// Pushes the values and says how many.
    ///
    /// # Errors
    /// As for [`IntoLua::into_lua`].
    fn into_lua_multi(self, cx: &mut Cx<'_>) -> Result<u32, Error>;
}

/// What can be read from a list of Lua values.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be read from a list of Lua values")]
pub trait FromLuaMulti: Sized {
    /// Reads the values from a slot to the top. Missing ones are nil, superfluous ones are ignored.
    ///
    /// # Errors
    /// A value does not fit: [`ConversionError`] is the error's cause.
    fn from_lua_multi(cx: &mut Cx<'_>, first: u32) -> Result<Self, Error>;
}

/// A Lua value is not what Rust wanted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ConversionError {
    slot: u32,
    message: String,
}

impl ConversionError {
    /// What was wanted, and what there was.
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// The error of a value in `slot` that does not fit.
#[cold]
pub(super) fn misfit(slot: u32, message: impl Into<String>) -> Error {
    Error::external(ConversionError { slot, message: message.into() })
}

/// The error of a value in `slot` that is no `expected`.
#[cold]
pub(super) fn mismatch(cx: &Cx<'_>, slot: u32, expected: &str) -> Error {
    let got = if cx.is_none(slot) {
        b"no value".to_vec()
    } else {
        // SAFETY: a live value in a slot.
        unsafe { cx.vm_ref().type_name_of(cx.value(slot)) }
    };
    misfit(slot, format!("{expected} expected, got {}", String::from_utf8_lossy(&got)))
}

/// The error of a value that is part of the one in `slot`, as one of the whole.
#[cold]
fn inside(slot: u32, part: std::fmt::Arguments<'_>, e: Error) -> Error {
    match conversion(&e) {
        Some(found) => misfit(slot, format!("{part}: {}", found.message)),
        None => e,
    }
}

fn conversion(e: &Error) -> Option<&ConversionError> {
    e.cause()?.downcast_ref()
}

impl Cx<'_> {
    /// Pushes a Rust value.
    ///
    /// # Errors
    /// As for [`IntoLua::into_lua`].
    #[inline]
    pub fn push_value(&mut self, value: impl IntoLua) -> Result<()> {
        value.into_lua(self)
    }

    /// Reads a slot.
    ///
    /// # Errors
    /// The value does not fit.
    #[inline]
    pub fn read<T: FromLua>(&mut self, slot: u32) -> Result<T> {
        T::from_lua(self, slot)
    }

    /// Reads an argument; the error names it as the reference does ("bad argument #1 to 'f' (number expected, got nil)").
    ///
    /// # Errors
    /// The value does not fit.
    pub fn argument<T: FromLua>(&mut self, slot: u32) -> Result<T> {
        T::from_lua(self, slot).map_err(|e| self.argument_error(e))
    }

    /// Reads all arguments from a slot on.
    ///
    /// # Errors
    /// As for [`Cx::argument`].
    #[inline]
    pub fn arguments<T: FromLuaMulti>(&mut self, first: u32) -> Result<T> {
        T::from_lua_multi(self, first).map_err(|e| self.argument_error(e))
    }

    #[cold]
    fn argument_error(&self, e: Error) -> Error {
        match conversion(&e) {
            Some(found) => self.arg_error(found.slot, &found.message),
            None => e,
        }
    }

    /// Reads all results of a call, which stand from `first` on.
    pub(super) fn results<T: FromLuaMulti>(&mut self, first: u32) -> Result<T> {
        T::from_lua_multi(self, first).map_err(|e| match conversion(&e) {
            Some(found) => misfit(found.slot, format!("bad result #{} ({})", (found.slot + 1).saturating_sub(first), found.message)),
            None => e,
        })
    }
}
