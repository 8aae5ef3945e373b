//! Where the heap gets its memory from.
//!
//! [`SystemPages`] is the default; [`CountingPages`] and [`ArenaPages`] show
//! what a host can put in its place.

mod arena;
mod counting;

use std::alloc::Layout;
use std::ptr::NonNull;

pub use arena::ArenaPages;
pub use counting::{CountingPages, PageCounts};

/// Hands out blocks of memory and takes them back. Called once for many
/// objects, so a virtual call is free.
///
/// # Safety
///
/// A block that `request` returns has the size and alignment of the layout,
/// overlaps no other block, and stays valid until it is released, even when the
/// source itself is moved.
pub unsafe trait PageSource: Send {
    /// A block of uninitialised memory, or `None` if there is none.
    ///
    /// The size is not 0.
    fn request(&mut self, layout: Layout) -> Option<NonNull<u8>>;

    /// Takes a block back.
    ///
    /// # Safety
    ///
    /// `block` came from `request` of this source with the same layout, and
    /// nothing uses it any more.
    unsafe fn release(&mut self, block: NonNull<u8>, layout: Layout);
}

/// Memory of the global allocator.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemPages;

// SAFETY: the global allocator keeps the same promises.
unsafe impl PageSource for SystemPages {
    fn request(&mut self, layout: Layout) -> Option<NonNull<u8>> {
        // SAFETY: the trait says that the size is not 0.
        NonNull::new(unsafe { std::alloc::alloc(layout) })
    }

    unsafe fn release(&mut self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller promises that the block came from `request`.
        unsafe { std::alloc::dealloc(block.as_ptr(), layout) }
    }
}
