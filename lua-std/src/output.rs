//! Results whose size a script decides: memory that is charged before it is taken.

use std::cell::Cell;
use std::ops::Range;

use lua_vm::{Cx, Error};
use smallvec::SmallVec;

/// Bytes on their way to become a string.
///
/// Each method that takes a [`Cx`] fails with "not enough memory", before it has taken
/// the memory that it needs. What is charged counts until the host function returns.
/// Short results take no memory at all: they are made in a buffer that each thread keeps.
#[derive(Debug)]
pub(crate) struct Output {
    bytes: Vec<u8>,
}

/// Capacity of the buffers that threads keep; it is not charged.
const KEPT: usize = 1024;

thread_local! {
    /// The buffer of the last [`Output`] that was short. Empty while it is in use.
    static SPARE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

impl Output {
    pub(crate) fn new() -> Output {
        // (While a thread ends there may be none.)
        let mut bytes = SPARE.try_with(Cell::take).unwrap_or_default();
        if bytes.capacity() == 0 {
            bytes = Vec::with_capacity(KEPT);
        }
        bytes.clear();
        Output { bytes }
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes, to change them or to append what [`Output::reserve`] made room for.
    pub(crate) fn vec(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Makes room for `extra` more bytes.
    #[inline]
    pub(crate) fn reserve(&mut self, cx: &mut Cx<'_>, extra: usize) -> Result<(), Error> {
        if self.bytes.capacity() - self.bytes.len() >= extra {
            return Ok(());
        }
        self.grow(cx, extra)
    }

    #[cold]
    fn grow(&mut self, cx: &mut Cx<'_>, extra: usize) -> Result<(), Error> {
        let capacity = self.bytes.capacity();
        let Some(needed) = self.bytes.len().checked_add(extra) else {
            return Err(out_of_memory(cx));
        };
        let wanted = needed.max(capacity.saturating_mul(2));
        cx.charge(wanted - capacity)?;
        match self.bytes.try_reserve_exact(wanted - self.bytes.len()) {
            Ok(()) => Ok(()),
            Err(_) => Err(out_of_memory(cx)),
        }
    }

    #[inline]
    pub(crate) fn push(&mut self, cx: &mut Cx<'_>, byte: u8) -> Result<(), Error> {
        self.reserve(cx, 1)?;
        self.bytes.push(byte);
        Ok(())
    }

    #[inline]
    pub(crate) fn extend(&mut self, cx: &mut Cx<'_>, bytes: &[u8]) -> Result<(), Error> {
        self.reserve(cx, bytes.len())?;
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// Appends the string in `slot`.
    #[inline]
    pub(crate) fn extend_slot(&mut self, cx: &mut Cx<'_>, slot: u32) -> Result<(), Error> {
        let length = cx.bytes(slot).len();
        self.reserve(cx, length)?;
        self.bytes.extend_from_slice(cx.bytes(slot));
        Ok(())
    }

    /// Appends a part of the string in `slot`.
    #[inline]
    pub(crate) fn extend_part(&mut self, cx: &mut Cx<'_>, slot: u32, part: Range<usize>) -> Result<(), Error> {
        self.reserve(cx, part.len())?;
        self.vec().extend_from_slice(&cx.bytes(slot)[part]);
        Ok(())
    }

    /// Appends `count` times `byte`.
    pub(crate) fn fill(&mut self, cx: &mut Cx<'_>, count: usize, byte: u8) -> Result<(), Error> {
        self.reserve(cx, count)?;
        let length = self.len();
        self.vec().resize(length + count, byte);
        Ok(())
    }

    /// Lets `write` append at most `room` bytes.
    #[inline]
    pub(crate) fn write(&mut self, cx: &mut Cx<'_>, room: usize, write: impl FnOnce(&mut Vec<u8>)) -> Result<(), Error> {
        self.reserve(cx, room)?;
        write(self.vec());
        Ok(())
    }

    /// Pushes the bytes as a string.
    pub(crate) fn push_to(self, cx: &mut Cx<'_>) -> Result<(), Error> {
        cx.push_bytes(&self.bytes)
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if self.bytes.capacity() <= KEPT {
            let bytes = std::mem::take(&mut self.bytes);
            let _ = SPARE.try_with(|spare| spare.set(bytes));
        }
    }
}

/// The error of a request that cannot be met.
#[cold]
pub(crate) fn out_of_memory(cx: &mut Cx<'_>) -> Error {
    match cx.charge(usize::MAX >> 1) {
        Err(error) => error,
        Ok(()) => cx.error(format_args!("not enough memory")),
    }
}

/// A copy of the string in `slot`, up to the first zero: what a C function would see.
pub(crate) fn c_string(cx: &Cx<'_>, slot: u32) -> SmallVec<[u8; 128]> {
    let bytes = cx.bytes(slot);
    let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
    SmallVec::from_slice(&bytes[..end])
}

/// Room for `count` results.
///
/// # Errors
///
/// "stack overflow (`what`)".
pub(crate) fn reserve_results(cx: &mut Cx<'_>, count: usize, what: &str) -> Result<(), Error> {
    let fits = u32::try_from(count).is_ok_and(|count| cx.reserve(count).is_ok());
    if fits { Ok(()) } else { Err(cx.error(format_args!("stack overflow ({what})"))) }
}
