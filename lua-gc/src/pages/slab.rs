//! Two megabytes that the system may map as one page.

use std::ptr::NonNull;

use super::return_to_system;

/// 2 MB at a multiple of 2 MB, given back when dropped.
#[derive(Debug)]
pub(super) struct Slab(NonNull<u8>);

// SAFETY: it owns its memory, which may be used and given back on any thread.
unsafe impl Send for Slab {}

impl Slab {
    /// The size of a huge page where those of the ordinary size have 4 KB; elsewhere of no meaning, but of no harm.
    pub(super) const BYTES: usize = 2 << 20;

    /// A slab whose memory is there already: its first use stops nobody. `None` if the system has none, or no such pages.
    pub(super) fn new() -> Option<Slab> {
        let slab = Slab(map()?);
        for at in (0..Slab::BYTES).step_by(4096) {
            // SAFETY: the byte lies in the slab, which is ours. Any value would do.
            unsafe { slab.at(at).write_volatile(0) };
        }
        Some(slab)
    }

    pub(super) fn address(&self) -> usize {
        self.0.addr().get()
    }

    /// What is `offset` bytes from the beginning, at most [`Slab::BYTES`].
    pub(super) fn at(&self, offset: usize) -> NonNull<u8> {
        assert!(offset <= Slab::BYTES);
        // SAFETY: it lies in the slab, or at its end.
        unsafe { self.0.add(offset) }
    }

    /// Returns the memory of a part to the system; it can be used again, and what it held is lost.
    ///
    /// # Safety
    ///
    /// The part lies in the slab, and nobody uses it.
    pub(super) unsafe fn give_back(&self, offset: usize, bytes: usize) {
        // SAFETY: the memory is private to this process, and ours.
        unsafe { return_to_system(self.at(offset), bytes) }
    }

    /// Makes the slab many pages of the system, if it is one. Otherwise what is given back is free only when memory has become
    /// short. Takes 0.4 ms.
    ///
    /// # Safety
    ///
    /// Nobody uses the `bytes` bytes at `offset`, which lie in the slab. What they hold may be lost.
    pub(super) unsafe fn split(&self, offset: usize, bytes: usize) {
        // SAFETY: the caller's promise.
        unsafe { split(self.at(offset), bytes) }
    }

    pub(super) fn into_raw(self) -> NonNull<u8> {
        std::mem::ManuallyDrop::new(self).0
    }

    /// # Safety
    ///
    /// The pointer came from `into_raw`, and this is its only use.
    pub(super) unsafe fn from_raw(slab: NonNull<u8>) -> Slab {
        Slab(slab)
    }
}

impl Drop for Slab {
    fn drop(&mut self) {
        // SAFETY: the slab is ours, and nobody uses it any more.
        unsafe { unmap(self.0.as_ptr(), Slab::BYTES) }
    }
}

#[cfg(all(target_os = "linux", target_pointer_width = "64", not(miri)))]
mod calls {
    use std::ffi::c_int;
    use std::ptr::{self, NonNull};

    use super::Slab;
    use crate::pages::advise;

    unsafe extern "C" {
        fn mmap(at: *mut u8, length: usize, protection: c_int, flags: c_int, file: c_int, offset: i64) -> *mut u8;
        fn munmap(at: *mut u8, length: usize) -> c_int;
    }

    const READ_AND_WRITE: c_int = 3;
    /// `MAP_PRIVATE | MAP_ANONYMOUS`, with the same value on all processors but those of MIPS.
    const PRIVATE: c_int = 0x22;
    const FAILED: usize = usize::MAX;
    const MADV_FREE: c_int = 8;
    const MADV_HUGEPAGE: c_int = 14;

    /// Addresses for a slab, without memory behind them yet.
    pub(super) fn map() -> Option<NonNull<u8>> {
        // SAFETY: asks for new addresses, twice as many as needed, so that an aligned slab lies among them; what lies
        // before and behind it is given back, and is not used.
        unsafe {
            let room = mmap(ptr::null_mut(), 2 * Slab::BYTES, READ_AND_WRITE, PRIVATE, -1, 0);
            if room.addr() == FAILED {
                return None;
            }
            let before = room.addr().wrapping_neg() % Slab::BYTES;
            let slab = NonNull::new(room.add(before))?;
            unmap(room, before);
            unmap(slab.as_ptr().add(Slab::BYTES), Slab::BYTES - before);
            // Without such pages the slab is as any other memory.
            advise(slab, Slab::BYTES, MADV_HUGEPAGE);
            Some(slab)
        }
    }

    /// # Safety
    ///
    /// Nobody uses these addresses, which came from `map` or `mmap`.
    pub(super) unsafe fn unmap(at: *mut u8, length: usize) {
        if length > 0 {
            // SAFETY: the caller's promise. That it fails for lack of memory is possible, and then the addresses stay taken.
            let _ = unsafe { munmap(at, length) };
        }
    }

    /// # Safety
    ///
    /// Nobody uses what is there, a part of what came from `map`.
    pub(super) unsafe fn split(at: NonNull<u8>, length: usize) {
        // SAFETY: the caller's promise. The advice is for a part, and the system splits a page that it is for a part of.
        unsafe { advise(at, length, MADV_FREE) };
    }
}

/// Under Miri, so that it sees what is done with slabs.
#[cfg(miri)]
mod calls {
    use std::alloc::{Layout, alloc, dealloc};
    use std::ptr::NonNull;

    use super::Slab;

    #[repr(align(0x20_0000))]
    struct Aligned(#[expect(dead_code)] [u8; Slab::BYTES]);
    const LAYOUT: Layout = Layout::new::<Aligned>();

    pub(super) fn map() -> Option<NonNull<u8>> {
        // SAFETY: the size is not 0.
        NonNull::new(unsafe { alloc(LAYOUT) })
    }

    /// # Safety
    ///
    /// `at` came from `map`, and nobody uses it any more.
    pub(super) unsafe fn unmap(at: *mut u8, _: usize) {
        // SAFETY: the caller's promise.
        unsafe { dealloc(at, LAYOUT) }
    }

    /// # Safety
    ///
    /// None needed: does nothing.
    pub(super) unsafe fn split(_: NonNull<u8>, _: usize) {}
}

#[cfg(not(any(all(target_os = "linux", target_pointer_width = "64"), miri)))]
mod calls {
    use std::ptr::NonNull;

    pub(super) fn map() -> Option<NonNull<u8>> {
        None
    }

    /// # Safety
    ///
    /// Never called: there are no slabs.
    pub(super) unsafe fn unmap(_: *mut u8, _: usize) {}

    /// # Safety
    ///
    /// As for `unmap`.
    pub(super) unsafe fn split(_: NonNull<u8>, _: usize) {}
}

use calls::{map, split, unmap};
