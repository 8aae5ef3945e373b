//! Binary chunks: the portable form of code (`string.dump`).
//!
//! The header is that of Lua 5.4, 31 bytes. Behind it stand the number of upvalues of the
//! outermost function, the revision of the encoding, and the functions: numbers of 7 bits a
//! byte (least significant first, the high bit says that more follow), instructions as opcode
//! and unscaled operands. Nothing depends on the machine or on the encoding in memory.
//!
//! A loaded binary chunk is a [`Draft`](crate::Draft) like any other and must pass the verifier.

mod undump;
mod write;

pub(crate) use undump::shown_name;
pub use undump::{UndumpError, UndumpReason, undump};
pub use write::{dump, fingerprint};

/// The first bytes of every binary chunk.
pub const SIGNATURE: &[u8; 4] = b"\x1bLua";

const VERSION: u8 = 0x54;
const FORMAT: u8 = 0;
/// Bytes that text conversions would change.
const DATA: &[u8; 6] = b"\x19\x93\r\n\x1a\n";
/// What the header calls the size of an instruction; that of Lua 5.4.
const INSTRUCTION_SIZE: u8 = 4;
const INTEGER_SIZE: u8 = 8;
const FLOAT_SIZE: u8 = 8;
const INTEGER: i64 = 0x5678;
const FLOAT: f64 = 370.5;
/// Counted up when the encoding or the numbers of the opcodes change.
const REVISION: u8 = 1;

/// Flags of a function.
mod flag {
    pub(super) const VARARG: u8 = 1;
    /// Lines, local variables and names of upvalues follow.
    pub(super) const DEBUG: u8 = 2;
    pub(super) const ALL: u8 = 3;
}

/// Kinds of constants.
mod kind {
    pub(super) const NIL: u8 = 0;
    pub(super) const FALSE: u8 = 1;
    pub(super) const TRUE: u8 = 2;
    pub(super) const INT: u8 = 3;
    pub(super) const FLOAT: u8 = 4;
    pub(super) const STR: u8 = 5;
}
