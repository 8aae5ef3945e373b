//! Constants, laid out as a VM's values so that frozen code is used in place.

use std::ptr::NonNull;

use crate::pool::PoolStr;

/// The tags of values that can stand in a constant table.
///
/// A VM adds its own tags above [`tag::LONG`]; these numbers are the contract.
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
#[repr(C, align(8))]
pub struct Constant {
    /// What `tag` says it is.
    pub payload: u64,
    /// One of [`tag`].
    pub tag: u8,
}

impl Constant {
    /// A string of the pool as a constant. The pointer is exposed, so that a payload may be turned
    /// back into one.
    pub(crate) fn string(ptr: NonNull<PoolStr>) -> Constant {
        // SAFETY: `ImageBuilder`, the only caller, counts the string.
        let short = unsafe { ptr.as_ref() }.is_short();
        let tag = if short { tag::SHORT } else { tag::LONG };
        Constant { payload: ptr.as_ptr().expose_provenance() as u64, tag }
    }

    /// The constant as a program sees it.
    ///
    /// # Safety
    ///
    /// - If it is a string, the image of the function that it comes from outlives `'a`.
    pub(crate) unsafe fn read<'a>(self) -> ConstantRef<'a> {
        match self.tag {
            tag::FALSE => ConstantRef::Bool(false),
            tag::TRUE => ConstantRef::Bool(true),
            tag::INT => ConstantRef::Int(self.payload as i64),
            tag::FLOAT => ConstantRef::Float(f64::from_bits(self.payload)),
            tag::SHORT | tag::LONG => {
                let ptr = std::ptr::with_exposed_provenance::<PoolStr>(self.payload as usize);
                // SAFETY: `string` made the payload, and the caller upholds that the image, which
                // counts the string, lives.
                ConstantRef::Str(unsafe { &*ptr })
            }
            _ => ConstantRef::Nil,
        }
    }
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
