//! A fixed piece of memory, cut on demand.

use std::alloc::{Layout, alloc, dealloc};
use std::ptr::NonNull;

use super::PageSource;

/// Serves a heap from one block of a fixed size: when it is used up, requests
/// fail.
///
/// First fit; neighbours that are free are joined. Small blocks are rounded
/// up to 64 bytes, so that the list of gaps stays short.
#[derive(Debug)]
pub struct ArenaPages {
    block: NonNull<u8>,
    layout: Layout,
    /// Free gaps {offset, length}, by offset, never adjacent.
    gaps: Vec<(usize, usize)>,
}

const GRAIN: usize = 64;

// SAFETY: the block is owned and reached only through `&mut self`.
unsafe impl Send for ArenaPages {}

impl ArenaPages {
    /// An arena of `bytes` bytes, rounded down to a multiple of 64; `None` if
    /// the system has no such block.
    #[must_use]
    pub fn new(bytes: usize) -> Option<Self> {
        let layout = Layout::from_size_align((bytes / GRAIN * GRAIN).max(GRAIN), GRAIN).ok()?;
        // SAFETY: the size is at least `GRAIN`.
        let block = NonNull::new(unsafe { alloc(layout) })?;
        Some(ArenaPages { block, layout, gaps: vec![(0, layout.size())] })
    }

    /// Bytes that are free, in gaps of any size.
    #[must_use]
    pub fn free(&self) -> usize {
        self.gaps.iter().map(|gap| gap.1).sum()
    }
}

impl Drop for ArenaPages {
    fn drop(&mut self) {
        // SAFETY: allocated in `new` with this layout.
        unsafe { dealloc(self.block.as_ptr(), self.layout) }
    }
}

// SAFETY: gaps never overlap blocks that are handed out, because a block
// leaves the list in `request` and returns in `release`.
unsafe impl PageSource for ArenaPages {
    fn request(&mut self, layout: Layout) -> Option<NonNull<u8>> {
        if layout.align() > GRAIN {
            return None;
        }
        let length = layout.size().checked_next_multiple_of(GRAIN)?;
        let index = self.gaps.iter().position(|gap| gap.1 >= length)?;
        let (offset, room) = self.gaps[index];
        if room == length {
            self.gaps.remove(index);
        } else {
            self.gaps[index] = (offset + length, room - length);
        }
        // SAFETY: the gap lies inside of the block.
        Some(unsafe { self.block.add(offset) })
    }

    unsafe fn release(&mut self, block: NonNull<u8>, layout: Layout) {
        let offset = block.addr().get() - self.block.addr().get();
        let length = layout.size().next_multiple_of(GRAIN);
        let index = self.gaps.partition_point(|gap| gap.0 < offset);
        let joins_next = self.gaps.get(index).is_some_and(|next| offset + length == next.0);
        let joins_last = index > 0 && {
            let last = self.gaps[index - 1];
            last.0 + last.1 == offset
        };
        match (joins_last, joins_next) {
            (true, true) => {
                self.gaps[index - 1].1 += length + self.gaps[index].1;
                self.gaps.remove(index);
            }
            (true, false) => self.gaps[index - 1].1 += length,
            (false, true) => self.gaps[index] = (offset, length + self.gaps[index].1),
            (false, false) => self.gaps.insert(index, (offset, length)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_join_again() {
        let mut arena = ArenaPages::new(1000).unwrap();
        assert_eq!(arena.free(), 960);
        let layout = Layout::from_size_align(100, 16).unwrap();
        let blocks: Vec<_> = (0..7).map(|_| arena.request(layout).unwrap()).collect();
        assert!(arena.request(layout).is_none());
        for index in [1, 5, 3, 2, 0, 6, 4] {
            // SAFETY: requested above, released once.
            unsafe { arena.release(blocks[index], layout) };
        }
        assert_eq!(arena.gaps, [(0, 960)]);
    }
}
