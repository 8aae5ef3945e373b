//! Where the heap gets its memory from.
//!
//! [`SystemPages`] is the allocator of the process, and [`HugePages`] what suits large heaps;
//! [`CountingPages`] and [`ArenaPages`] show what a host can put in their place.

mod arena;
mod counting;
mod huge;
mod slab;

use std::alloc::Layout;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicUsize, Ordering};

pub use arena::ArenaPages;
pub use counting::{CountingPages, PageCounts};
pub use huge::HugePages;

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

    /// As [`release`](PageSource::release), of a block that the heap does not expect to need again soon: memory behind it
    /// may go to the system at once. Heaps ask for that a few blocks at a time, while the program runs.
    ///
    /// # Safety
    ///
    /// As for [`release`](PageSource::release).
    unsafe fn discard(&mut self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { self.release(block, layout) }
    }

    /// A collection has released what it could: what the source itself keeps may go to the system. Does nothing unless a
    /// source has something to do here.
    fn trim(&mut self) {}
}

/// Memory of the global allocator, all heaps of the process counted together.
///
/// The allocator of glibc keeps what lies between blocks in use, so that the memory of a process stays near the most that it ever
/// needed at one time. So the source returns what is [discarded](PageSource::discard) before the allocator gets it, and when a
/// collection that the program asked for has released much, it asks the allocator to return what it keeps.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemPages;

// SAFETY: the global allocator keeps the same promises.
unsafe impl PageSource for SystemPages {
    fn request(&mut self, layout: Layout) -> Option<NonNull<u8>> {
        // SAFETY: the trait says that the size is not 0.
        let block = NonNull::new(unsafe { std::alloc::alloc(layout) })?;
        HELD.fetch_add(layout.size(), Ordering::Relaxed);
        Some(block)
    }

    unsafe fn release(&mut self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller promises that the block came from `request`.
        unsafe { std::alloc::dealloc(block.as_ptr(), layout) }
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        RELEASED.fetch_add(layout.size(), Ordering::Relaxed);
    }

    unsafe fn discard(&mut self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller promises that the block is one of ours and nobody uses it.
        unsafe {
            return_to_system(block, layout.size());
            std::alloc::dealloc(block.as_ptr(), layout);
        }
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
    }

    fn trim(&mut self) {
        let released = RELEASED.load(Ordering::Relaxed);
        if released >= WORTH_TRIMMING.max(HELD.load(Ordering::Relaxed) / 8) {
            RELEASED.store(0, Ordering::Relaxed);
            trim_allocator();
        }
    }
}

/// Bytes that the heaps of the process have from the allocator.
static HELD: AtomicUsize = AtomicUsize::new(0);
/// Bytes that they have given back since the allocator was last asked to return what it keeps.
static RELEASED: AtomicUsize = AtomicUsize::new(0);
/// Returning less is not worth the time; nor is less than an eighth of what is held.
const WORTH_TRIMMING: usize = 1 << 20;

#[cfg(all(target_os = "linux", target_env = "gnu", not(miri)))]
fn trim_allocator() {
    unsafe extern "C" {
        /// Returns free memory to the system, but for `keep` bytes at the end (glibc, `malloc_trim(3)`).
        safe fn malloc_trim(keep: usize) -> std::ffi::c_int;
    }
    // Whether there was anything to return does not matter.
    let _ = malloc_trim(0);
}

#[cfg(not(all(target_os = "linux", target_env = "gnu", not(miri))))]
fn trim_allocator() {}

/// Gives the memory of the pages of the system that lie in a block back; the addresses stay in use, and what they hold is lost.
///
/// # Safety
///
/// The block came from the global allocator, and nobody uses what is in it.
#[cfg(all(target_os = "linux", not(miri)))]
unsafe fn return_to_system(block: NonNull<u8>, bytes: usize) {
    /// The smallest pages that there are. Where they are larger, the call may fail, and nothing happens.
    const PAGE: usize = 4096;
    const MADV_DONTNEED: std::ffi::c_int = 4;
    let skip = block.addr().get().wrapping_neg() % PAGE;
    let length = bytes.saturating_sub(skip) / PAGE * PAGE;
    if length > 0 {
        // SAFETY: the pages lie in the block. Their memory is private, and the allocator keeps nothing in a block in use.
        unsafe { advise(block.add(skip), length, MADV_DONTNEED) };
    }
}

/// Tells the system what to do with memory (`madvise(2)`). That it does not does not matter.
///
/// # Safety
///
/// Nobody minds what the advice does to what is there.
#[cfg(all(target_os = "linux", not(miri)))]
unsafe fn advise(at: NonNull<u8>, length: usize, advice: std::ffi::c_int) {
    unsafe extern "C" {
        fn madvise(at: *mut u8, length: usize, advice: std::ffi::c_int) -> std::ffi::c_int;
    }
    // SAFETY: the caller's promise.
    let _ = unsafe { madvise(at.as_ptr(), length, advice) };
}

#[cfg(not(all(target_os = "linux", not(miri))))]
unsafe fn return_to_system(_: NonNull<u8>, _: usize) {}
