//! Constants, laid out as a VM's values so that frozen code is used in place.

use crate::pool::PoolStr;

/// The tags of values that can stand in a constant table.
///
/// A VM adds its own tags above [`tag::STRING`]; these numbers are the contract.
pub mod tag {
    /// `nil`. Together with [`FALSE`] the only tags `<= FALSE`: falsy.
    pub const NIL: u8 = 0;
    /// `false`.
    pub const FALSE: u8 = 1;
    /// `true`.
    pub const TRUE: u8 = 2;
    /// An integer; the payload is its two's complement.
    pub const INT: u8 = 3;
    /// A float; the payload is its bits.
    pub const FLOAT: u8 = 4;
    /// A string of at most [`crate::MAX_SHORT`] bytes; the payload is a pointer. Equal short strings of
    /// one VM are one pointer.
    pub const SHORT: u8 = 8;
    /// A longer string; the payload is a pointer.
    pub const LONG: u8 = 9;
}

/// One constant: the layout of a VM's value (payload, tag).
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Constant {
    /// What `tag` says it is.
    pub payload: u64,
    /// One of [`tag`].
    pub tag: u8,
}

const _: () = assert!(size_of::<Constant>() == crate::op::SLOT);

/// A constant as a program sees it.
#[derive(Clone, Copy, Debug)]
pub enum ConstantRef<'a> {
    /// `nil`
    Nil,
    /// `true` or `false`
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string.
    Str(&'a PoolStr),
}
