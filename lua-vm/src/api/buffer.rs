//! Output whose size a script decides.

use super::Cx;
use crate::error::{Error, Result};

/// Bytes that grow under the VM's memory limit; the charge ends when the host function returns.
#[derive(Debug, Default)]
pub struct Buffer {
    bytes: Vec<u8>,
}

impl Buffer {
    /// An empty buffer; nothing is allocated.
    pub fn new() -> Buffer {
        Buffer::default()
    }

    /// An empty buffer with room for `n` bytes.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn with_capacity(cx: &mut Cx<'_>, n: usize) -> Result<Buffer> {
        let mut b = Buffer::new();
        b.reserve(cx, n)?;
        Ok(b)
    }

    /// Makes room for `n` more bytes.
    ///
    /// # Errors
    /// "not enough memory".
    #[inline]
    pub fn reserve(&mut self, cx: &mut Cx<'_>, n: usize) -> Result<()> {
        if self.bytes.capacity() - self.bytes.len() >= n { Ok(()) } else { self.grow(cx, n) }
    }

    #[cold]
    fn grow(&mut self, cx: &mut Cx<'_>, n: usize) -> Result<()> {
        let old = self.bytes.capacity();
        let needed = self.bytes.len().checked_add(n).ok_or_else(Error::memory)?;
        let new = needed.max(old.saturating_mul(2)).max(64);
        cx.charge(new - old)?;
        self.bytes.try_reserve_exact(new - self.bytes.len()).map_err(|_| Error::memory())
    }

    /// Appends one byte.
    ///
    /// # Errors
    /// "not enough memory".
    #[inline]
    pub fn push(&mut self, cx: &mut Cx<'_>, byte: u8) -> Result<()> {
        self.reserve(cx, 1)?;
        self.bytes.push(byte);
        Ok(())
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// "not enough memory".
    #[inline]
    pub fn extend(&mut self, cx: &mut Cx<'_>, bytes: &[u8]) -> Result<()> {
        self.reserve(cx, bytes.len())?;
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// Appends the bytes of a string slot.
    ///
    /// # Errors
    /// "not enough memory".
    #[inline]
    pub fn extend_slot(&mut self, cx: &mut Cx<'_>, slot: u32) -> Result<()> {
        let n = cx.bytes(slot).len();
        self.reserve(cx, n)?;
        self.bytes.extend_from_slice(cx.bytes(slot));
        Ok(())
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The bytes.
    pub fn as_slice(&self) -> &[u8] {
        &self.bytes
    }

    /// Keeps the first `n` bytes.
    pub fn truncate(&mut self, n: usize) {
        self.bytes.truncate(n);
    }

    /// The vector, for formatting functions that append to one. What they append beyond the reserved room is not charged: reserve first.
    pub fn as_vec(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }
}

impl Cx<'_> {
    /// Pushes what a buffer collected.
    ///
    /// # Errors
    /// "not enough memory".
    pub fn push_buffer(&mut self, buffer: Buffer) -> Result<()> {
        self.push_bytes(&buffer.bytes)
    }
}
