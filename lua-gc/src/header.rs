//! The two bytes that every object begins with, and what the bits mean.

use std::ptr::NonNull;
use std::sync::atomic::{AtomicU8, Ordering::Acquire, Ordering::Relaxed};

/// One of the three colours. Which of them means "alive" changes from cycle
/// to cycle, so that survivors need no repainting. After a cycle all objects have one colour; a cycle that is given up
/// before all is marked leaves two, and needs no repainting either.
pub(crate) const COLOUR_A: u8 = 0x01;
/// The second colour.
pub(crate) const COLOUR_B: u8 = 0x02;
/// The third colour.
pub(crate) const COLOUR_C: u8 = 0x04;
/// Reached in this cycle, but its references have not been traced yet.
pub(crate) const GREY: u8 = 0x08;
/// Registered by [`Heap::register_finalizer`](crate::Heap::register_finalizer).
pub(crate) const FINALIZER: u8 = 0x10;
/// Grey, and some segments have been traced (see `huge.rs`).
pub(crate) const HUGE: u8 = 0x20;
/// White, and read from a weak table in this cycle (see `weak_reads.rs`).
pub(crate) const WEAK_READ: u8 = 0x40;
/// The whole mark byte of an object that no heap owns: never traced, never
/// written. Other crates lay out such objects by themselves and rely on the
/// value.
pub const SHARED: u8 = 0x80;

/// All colours.
pub(crate) const COLOURS: u8 = COLOUR_A | COLOUR_B | COLOUR_C;

/// One of some colours.
pub(crate) fn lowest_colour(colours: u8) -> u8 {
    colours & colours.wrapping_neg()
}

/// First field of every object; objects are `#[repr(C)]`.
///
/// It takes 2 bytes and needs no alignment, so that the object can use the
/// bytes that follow.
///
/// A slot without an object has the mark 0 and the kind 0. An object of a heap
/// has one colour or `GREY`, besides flags; both while one of several threads
/// traces it. A shared one has [`SHARED`] alone.
#[repr(C)]
#[derive(Debug)]
pub struct Header {
    mark: AtomicU8,
    kind: u8,
}

const _: () = assert!(size_of::<Header>() == 2 && align_of::<Header>() == 1);

impl Header {
    /// The header of an object that lives outside all heaps and is reachable
    /// from any of them.
    #[must_use]
    pub const fn shared(kind: u8) -> Self {
        Header { mark: AtomicU8::new(SHARED), kind }
    }

    /// What [`Heap::alloc`](crate::Heap::alloc) was told; never 0.
    #[inline(always)]
    #[must_use]
    pub fn kind(&self) -> u8 {
        self.kind
    }

    /// The mark byte.
    #[inline(always)]
    #[must_use]
    pub fn mark(&self) -> u8 {
        self.mark.load(Relaxed)
    }

    /// Whether the object belongs to the process and not to a heap.
    #[inline(always)]
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.mark() & SHARED != 0
    }

    /// The mark byte, for deciding whether the object may be written: what another
    /// thread read before it made the mark so has been read.
    #[inline(always)]
    #[must_use]
    pub(crate) fn mark_before_store(&self) -> u8 {
        self.mark.load(Acquire)
    }

    /// The mark byte itself, for claims (see `concurrent/claim.rs`).
    #[inline(always)]
    pub(crate) fn cell(&self) -> &AtomicU8 {
        &self.mark
    }

    #[inline(always)]
    pub(crate) fn set_mark(&self, mark: u8) {
        self.mark.store(mark, Relaxed);
    }

    /// Makes a header at `at`.
    ///
    /// # Safety
    ///
    /// `at` must be valid for writing 2 bytes.
    #[inline(always)]
    pub(crate) unsafe fn write(at: NonNull<Header>, mark: u8, kind: u8) {
        // SAFETY: the caller promises that the bytes may be written.
        unsafe { at.write(Header { mark: AtomicU8::new(mark), kind }) };
    }
}
