//! What a closure refers to until its function is called for the first time.

use std::ptr;

use super::Proto;
use crate::constant::Constant;
use crate::op::{Instr, Op};
use crate::pool::SHARED;

/// The kind byte of functions, here and in VMs.
pub const KIND_FUNCTION: u8 = 8;

/// What each function runs until a VM links it.
pub static LINK: [Instr; 2] = [Instr::new(Op::Link, 0, 0, 0, 0), Instr::new(Op::Halt, 0, 0, 0, 0)];

/// A function as a VM has it, before a VM has it: a part of the [`Proto`], shared by all VMs and never written.
///
/// Most functions of a module are never called. Their closures refer to this, which costs the VM nothing; the first call runs
/// [`LINK`], and the VM makes a function of its own. The layout is that of a VM's own functions.
#[repr(C)]
pub struct Unlinked {
    /// Always [`SHARED`].
    pub header: u8,
    /// Always [`KIND_FUNCTION`].
    pub kind: u8,
    /// How many fixed parameters there are.
    pub params: u8,
    /// Always 0.
    pub linked: u8,
    /// Bytes of registers.
    pub frame_bytes: u16,
    /// Always 0.
    pub misses: u16,
    /// Always [`LINK`].
    pub code: *const Instr,
    /// Null: nothing reads constants before the function is linked.
    pub constants: *const Constant,
    /// Always 0.
    pub cache_delta: isize,
    /// The prototype that this is a part of.
    pub proto: *const Proto,
    /// Null.
    pub children: *const (),
}

// SAFETY: nobody writes through the pointers: the first leads to a static, the last but one to the `Proto` around this.
unsafe impl Send for Unlinked {}
// SAFETY: as above.
unsafe impl Sync for Unlinked {}

impl Unlinked {
    /// The part of the prototype that will stand at `proto`.
    pub(super) fn new(proto: *const Proto, params: u8, max_stack: u8) -> Unlinked {
        Unlinked {
            header: SHARED,
            kind: KIND_FUNCTION,
            params,
            linked: 0,
            frame_bytes: u16::from(max_stack) * 16,
            misses: 0,
            code: LINK.as_ptr(),
            constants: ptr::null(),
            cache_delta: 0,
            proto,
            children: ptr::null(),
        }
    }
}
