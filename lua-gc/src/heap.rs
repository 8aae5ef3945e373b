//! The heap: its state, and the paths that programs take all the time.

use std::collections::VecDeque;
use std::ptr::{self, NonNull};
use std::sync::Arc;

use crate::ages::Ages;
use crate::blocks::{FreeBlock, FreeSlot, Large, Page};
use crate::collector::{Collector, Demand, Tuning};
use crate::concurrent::Shared;
use crate::cycle::Phase;
use crate::ending::Ending;
use crate::header::{COLOUR_A, COLOUR_B, COLOURS};
use crate::marking::Marking;
use crate::meter::Meter;
use crate::size_class::{CLASSES, LARGEST, charged, class_of, slot_size};
use crate::trim::Trim;
use crate::weak_reads::WeakReads;
use crate::{Header, Model, PageSource, Tracer};

/// A request was refused: it would pass the limit, or there is no memory.
///
/// The heap is unchanged; a full collection may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not enough memory")]
pub struct OutOfMemory;

/// Pages of one size of slots.
pub(crate) struct Class {
    /// Pages that need no sweep in this cycle.
    pub(crate) pages: *mut Page,
    /// Pages that may hold dead objects.
    pub(crate) unswept: *mut Page,
    /// Those of `pages` whose free slots nobody has taken over.
    pub(crate) available: *mut Page,
    /// Those of `pages` whose free slots were taken over since the last collection of any kind, linked
    /// as `available` is.
    pub(crate) young: *mut Page,
    /// Length of `pages` and `unswept`, in pages and in bytes.
    pub(crate) count: usize,
    pub(crate) bytes: usize,
}

impl Class {
    const NEW: Class =
        Class { pages: ptr::null_mut(), unswept: ptr::null_mut(), available: ptr::null_mut(), young: ptr::null_mut(), count: 0, bytes: 0 };
}

/// Pages of raw blocks of one size.
pub(crate) struct RawClass {
    pub(crate) pages: *mut Page,
    /// Length of `pages`, in bytes.
    pub(crate) bytes: usize,
    /// Lists of free blocks, beside the one that the program takes blocks from.
    pub(crate) lists: *mut FreeBlock,
}

impl RawClass {
    const NEW: RawClass = RawClass { pages: ptr::null_mut(), bytes: 0, lists: ptr::null_mut() };
}

/// All objects of one VM.
///
/// Allocation pops a slot from a list; a store into an object asks one
/// question beforehand ([`barrier`](Heap::barrier)); whether a safepoint has
/// work to do is one comparison ([`wants_step`](Heap::wants_step)).
///
/// # Invariants
///
/// - An object has a colour in `white` only if it is dead (while sweeping), not
///   reached yet (while marking), or young (between cycles, see `ages.rs`). All others have the
///   colour `marking.black`, or are grey.
/// - The lists in `free` hold slots of swept pages only.
/// - While marking, everything that was reachable when marking began, or was born
///   since, is marked before marking ends. This holds because no object that
///   is white or grey is written before its references have been traced.
#[repr(C)]
pub struct Heap<M: Model> {
    /// Bytes of objects, raw blocks and external charges, dead objects that
    /// are not swept included.
    pub(crate) bytes: usize,
    /// `limit`, or 0 while the next charges need a closer look.
    pub(crate) ceiling: usize,
    /// A safepoint has work to do when `bytes` is not below.
    pub(crate) threshold: usize,
    /// The mark of a new object: the colour of the living, or of the young.
    pub(crate) new_mark: u8,
    /// The colours of the dead: those of what the running cycle has not reached, two if the one before was given
    /// up. Also that of the young.
    pub(crate) white: u8,
    /// Marks of objects that must not be written as they are.
    pub(crate) barrier_mask: u8,
    /// Marks of objects that must not be found again as they are.
    pub(crate) revive_mask: u8,
    #[cfg(feature = "sabotage")]
    pub(crate) omitted: crate::sabotage::Omitted,
    pub(crate) phase: Phase,
    /// Free slots for objects, by class.
    pub(crate) free: [*mut FreeSlot; CLASSES],
    /// Free raw blocks, by class.
    pub(crate) raw_free: [*mut FreeBlock; CLASSES],
    /// What is still to be traced.
    pub(crate) marking: Marking<M>,
    pub(crate) ending: Ending,
    /// Data that freeing needs, of the VM.
    pub side: M::Side,

    pub(crate) classes: [Class; CLASSES],
    pub(crate) raw: [RawClass; CLASSES],
    /// How many raw blocks are in use, by class.
    pub(crate) raw_used: [usize; CLASSES],
    /// Where giving up pages of raw blocks stands, while it goes on.
    pub(crate) trim: Option<Box<Trim>>,
    pub(crate) large: *mut Large,
    pub(crate) large_count: usize,
    pub(crate) large_unswept: *mut Large,
    /// Pages and large blocks that are not swept yet.
    pub(crate) unswept: usize,
    /// The class that the next slice of sweeping looks at.
    pub(crate) sweep_class: usize,
    /// Bytes that sweeping has freed in this cycle, and bytes when the cycle began.
    pub(crate) swept_bytes: usize,
    pub(crate) began_at_bytes: usize,
    /// What lived when the last cycle had ended, without what was born during it.
    pub(crate) settled_bytes: usize,

    /// Empty pages of the standard size.
    pub(crate) spare: *mut Page,
    pub(crate) spare_bytes: usize,
    /// Bytes of empty pages that the program may need until the next cycle has ended.
    pub(crate) spare_kept: usize,
    /// The first block: small pages are cut from it.
    pub(crate) starter: *mut u8,
    pub(crate) starter_used: usize,
    pub(crate) pages: Box<dyn PageSource>,

    pub(crate) ages: Ages,
    /// What workers see, once there have been any.
    pub(crate) shared: Option<Arc<Shared<M>>>,
    /// Workers have pages that are to be swept.
    pub(crate) is_swept_apart: bool,
    /// By how many bytes the next cycle begins before its goal.
    pub(crate) lead: usize,

    pub(crate) weak_reads: WeakReads,
    pub(crate) registered: Vec<NonNull<Header>>,
    pub(crate) pending: VecDeque<NonNull<Header>>,
    pub(crate) closing: bool,

    pub(crate) limit: usize,
    pub(crate) refuse_charge: usize,
    /// How many requests after the refused one are refused too.
    pub(crate) refuse_more: usize,
    /// The threshold that the collector asked for.
    pub(crate) next_step: usize,
    /// It is one of allocation, see [`Heap::set_pace`].
    pub(crate) paced: bool,
    /// The size that the heap should grow to at most before the next cycle has ended, as the last one found;
    /// and the size at which the next cycle should begin for that.
    pub(crate) goal: usize,
    pub(crate) begin_at: usize,
    /// The collector tells objects by age between cycles.
    pub(crate) wants_ages: bool,
    pub(crate) running: bool,
    pub(crate) demand: Demand,
    pub(crate) tuning: Tuning,
    pub(crate) cycles: u64,
    pub(crate) minors: u64,
    pub(crate) collector: Option<Box<dyn Collector<M>>>,
    pub(crate) meter: Meter,
}

// SAFETY: the heap owns what its pointers lead to; `Model` promises that
// objects can be moved to another thread with it, `PageSource` and `Collector`
// are `Send`.
unsafe impl<M: Model> Send for Heap<M> where M::Side: Send {}

/// Bytes that even the smallest heap may grow by before a cycle begins.
pub(crate) const HEADROOM: usize = 16 * 1024;

impl<M: Model> Heap<M> {
    /// An empty heap. It requests its first page when it needs it.
    pub fn new(side: M::Side, pages: Box<dyn PageSource>, mut collector: Box<dyn Collector<M>>) -> Self {
        let mut heap = Heap {
            bytes: 0,
            ceiling: usize::MAX,
            threshold: HEADROOM,
            new_mark: COLOUR_A,
            white: COLOUR_B,
            barrier_mask: 0,
            revive_mask: 0,
            #[cfg(feature = "sabotage")]
            omitted: Default::default(),
            phase: Phase::Idle,
            free: [ptr::null_mut(); CLASSES],
            raw_free: [ptr::null_mut(); CLASSES],
            marking: Marking::new(COLOUR_B, COLOUR_A),
            ending: Ending::default(),
            side,
            classes: [Class::NEW; CLASSES],
            raw: [RawClass::NEW; CLASSES],
            raw_used: [0; CLASSES],
            trim: None,
            large: ptr::null_mut(),
            large_count: 0,
            large_unswept: ptr::null_mut(),
            unswept: 0,
            sweep_class: 0,
            swept_bytes: 0,
            began_at_bytes: 0,
            settled_bytes: 0,
            spare: ptr::null_mut(),
            spare_bytes: 0,
            spare_kept: 0,
            starter: ptr::null_mut(),
            starter_used: 0,
            pages,
            ages: Ages::default(),
            shared: None,
            is_swept_apart: false,
            lead: 0,
            weak_reads: WeakReads::default(),
            registered: Vec::new(),
            pending: VecDeque::new(),
            closing: false,
            limit: usize::MAX,
            refuse_charge: 0,
            refuse_more: 0,
            next_step: HEADROOM,
            paced: false,
            goal: HEADROOM,
            begin_at: HEADROOM,
            wants_ages: false,
            running: true,
            demand: Demand::AtThreshold,
            tuning: Tuning::default(),
            cycles: 0,
            minors: 0,
            collector: None,
            meter: Meter::default(),
        };
        collector.enter(&mut heap);
        heap.collector = Some(collector);
        heap
    }

    /// A new object of `size` bytes. Beyond the [`Header`] its bytes are not
    /// initialised; the caller does that before the next safepoint.
    ///
    /// `kind` is 1 to 63.
    ///
    /// # Errors
    ///
    /// If the request passes the limit or the page source has no memory. The
    /// heap never runs a cycle in here: the caller does, and tries again.
    #[inline(always)]
    pub fn alloc(&mut self, size: usize, kind: u8) -> Result<NonNull<Header>, OutOfMemory> {
        debug_assert!((1..64).contains(&kind) && size >= size_of::<Header>());
        if size <= LARGEST {
            let class = class_of(size);
            let bytes = self.bytes + slot_size(class);
            if let Some(slot) = NonNull::new(self.free[class])
                && bytes <= self.ceiling
            {
                self.bytes = bytes;
                // SAFETY: lists in `free` hold slots that nobody uses.
                unsafe {
                    self.free[class] = (*slot.as_ptr()).next;
                    Header::write(slot.cast(), self.new_mark, kind);
                }
                return Ok(slot.cast());
            }
        }
        self.alloc_slow(size, kind)
    }

    /// A raw block of `size` bytes, aligned to 16, not initialised. The heap
    /// does not free it; the object that owns it does, in [`Model::free`].
    ///
    /// # Errors
    ///
    /// As [`alloc`](Heap::alloc).
    #[inline]
    pub fn alloc_raw(&mut self, size: usize) -> Result<NonNull<u8>, OutOfMemory> {
        if size <= LARGEST {
            let class = class_of(size);
            let bytes = self.bytes + slot_size(class);
            if let Some(slot) = NonNull::new(self.raw_free[class])
                && bytes <= self.ceiling
            {
                self.bytes = bytes;
                // SAFETY: lists in `raw_free` hold blocks that nobody uses.
                self.raw_free[class] = unsafe { (*slot.as_ptr()).next };
                self.raw_used[class] += 1;
                return Ok(slot.cast());
            }
        }
        self.alloc_raw_slow(size)
    }

    /// Gives a raw block back.
    ///
    /// # Safety
    ///
    /// `block` came from [`alloc_raw`](Heap::alloc_raw) of this heap with the same
    /// `size`, and nothing uses it any more.
    #[inline]
    pub unsafe fn free_raw(&mut self, block: NonNull<u8>, size: usize) {
        self.bytes -= charged(size);
        if size <= LARGEST {
            let class = class_of(size);
            // SAFETY: the block is a slot of the class, and nothing uses it.
            self.raw_free[class] = unsafe { FreeBlock::write(block, self.raw_free[class]) };
            self.raw_used[class] -= 1;
        } else {
            // SAFETY: as above; blocks of this size come from the page source.
            unsafe { self.release_raw_large(block, size) };
        }
    }

    /// Bytes that a raw block of `size` bytes really has: growing up to there
    /// is free.
    #[inline(always)]
    #[must_use]
    pub fn usable_size(size: usize) -> usize {
        charged(size)
    }

    /// Counts `bytes` bytes that the VM holds elsewhere.
    ///
    /// # Errors
    ///
    /// If they pass the limit; then they are not counted.
    #[inline]
    pub fn charge(&mut self, bytes: usize) -> Result<(), OutOfMemory> {
        match self.bytes.checked_add(bytes) {
            Some(sum) if sum <= self.ceiling => self.bytes = sum,
            _ => {
                self.admit(bytes)?;
                self.bytes += bytes;
            }
        }
        Ok(())
    }

    /// Takes back a charge.
    #[inline]
    pub fn discharge(&mut self, bytes: usize) {
        debug_assert!(bytes <= self.bytes);
        self.bytes = self.bytes.saturating_sub(bytes);
    }

    /// Whether a safepoint should call [`step`](Heap::step).
    #[inline(always)]
    #[must_use]
    pub fn wants_step(&self) -> bool {
        self.bytes >= self.threshold
    }

    /// Must be called **before** each store into `object`, or into a raw block
    /// that it owns; nothing between the call and the store allocates or
    /// reaches a safepoint. Several stores may share one call.
    ///
    /// New objects need none until the next safepoint.
    ///
    /// # Safety
    ///
    /// `object` is a live object of this heap, initialised.
    #[inline(always)]
    pub unsafe fn barrier(&mut self, object: NonNull<Header>) {
        // SAFETY: the caller promises that `object` lives.
        let mark = unsafe { object.as_ref() }.mark_before_store();
        if mark & self.barrier_mask != 0 {
            // SAFETY: as above.
            unsafe { self.barrier_slow(object) };
        }
    }

    /// Whether [`Heap::barrier`] has something to do: for callers that keep
    /// the slow path out of line themselves.
    ///
    /// # Safety
    ///
    /// As for [`Heap::barrier`].
    #[inline(always)]
    pub unsafe fn needs_barrier(&self, object: NonNull<Header>) -> bool {
        // SAFETY: the caller promises that `object` lives.
        let mark = unsafe { object.as_ref() }.mark_before_store();
        mark & self.barrier_mask != 0
    }

    /// As [`needs_barrier`](Heap::needs_barrier), for a store of which `refers` tells whether it may store a reference; it is
    /// asked only where that decides. Without one, an old object need not be remembered.
    ///
    /// # Safety
    ///
    /// As for [`Heap::barrier`].
    #[inline(always)]
    pub unsafe fn needs_barrier_for(&self, object: NonNull<Header>, refers: impl FnOnce() -> bool) -> bool {
        // SAFETY: the caller's promise.
        unsafe { self.needs_barrier(object) && (!self.has_ages() || refers()) }
    }

    #[cold]
    #[inline(never)]
    unsafe fn barrier_slow(&mut self, object: NonNull<Header>) {
        let piece = self.meter.begin_short();
        // SAFETY: the caller promises that `object` lives and is initialised.
        unsafe {
            if self.has_ages() {
                self.remember(object);
            } else {
                Tracer::new(&mut self.marking).scan_now(object);
            }
        }
        self.meter.end(piece);
    }

    /// Must be called when `object` has been found again through an index that
    /// does not keep it alive (the string table, the list of open upvalues),
    /// before it is used. If it was dead and not swept yet, it lives again.
    ///
    /// What `object` refers to is not revived while sweeping: either it refers
    /// to nothing, or to what is known to be alive.
    ///
    /// # Safety
    ///
    /// `object` has not been freed ([`Model::free`] must take it out of the
    /// index).
    #[inline(always)]
    pub unsafe fn revive(&mut self, object: NonNull<Header>) {
        // SAFETY: the caller promises that `object` has not been freed.
        let mark = unsafe { object.as_ref() }.mark();
        if mark & self.revive_mask != 0 {
            // SAFETY: as above.
            unsafe { self.revive_slow(object) };
        }
    }

    #[cold]
    #[inline(never)]
    unsafe fn revive_slow(&mut self, object: NonNull<Header>) {
        // SAFETY: the caller promises that `object` has not been freed.
        #[cfg(feature = "sabotage")]
        if self.omits_revival(unsafe { object.as_ref() }.kind()) {
            return;
        }
        if self.phase == Phase::Marking {
            let mut tracer = Tracer::new(&mut self.marking);
            // SAFETY: the caller promises that `object` has not been freed.
            unsafe {
                match tracer.marking.shared {
                    Some(_) => tracer.scan_now(object),
                    None => tracer.mark(object),
                }
            }
        } else {
            // SAFETY: as above.
            let header = unsafe { object.as_ref() };
            header.set_mark(header.mark() & !COLOURS | self.marking.black);
        }
    }

    /// Must be called when a shared object has been found through an index of the VM
    /// that says which of them the VM uses, before it is used.
    ///
    /// # Safety
    ///
    /// `object` is a shared object.
    #[inline(always)]
    pub unsafe fn found_shared(&mut self, object: NonNull<Header>) {
        if self.phase == Phase::Marking {
            // SAFETY: the caller promises that it is shared.
            unsafe { M::reached_shared(object, &mut self.marking.reached) };
        }
    }

    /// Bytes of objects, raw blocks and charges, rounded up to size classes.
    /// Dead objects count until they are swept.
    #[inline]
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether a cycle marks, and something of `object` may still have to be traced.
    ///
    /// # Safety
    ///
    /// As for [`Heap::barrier`].
    #[inline]
    #[must_use]
    pub unsafe fn is_untraced(&self, object: NonNull<Header>) -> bool {
        // SAFETY: the caller's promise.
        self.is_marking() && unsafe { self.needs_barrier(object) }
    }

    /// Whether a cycle is marking.
    #[inline]
    #[must_use]
    pub fn is_marking(&self) -> bool {
        self.phase == Phase::Marking
    }
}
