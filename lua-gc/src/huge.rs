//! Objects too large to be traced at once: they are traced in segments, and the
//! program claims single segments of them before it writes there.
//!
//! A huge object stays grey until all its segments have been traced. Meanwhile it
//! has the bit [`HUGE`] and an entry in [`HugeObjects`]; if it is on the mark stack,
//! that does not count. What is traced are its raw blocks as they were when tracing
//! began: if the program replaces one, the old one goes to the entry and is freed
//! when marking ends.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::mem;
use std::ptr::NonNull;

use crate::header::{COLOURS, GREY, HUGE};
use crate::{Header, Heap, Model, Tracer};

/// Grey objects of which some segments have been traced.
pub(crate) struct HugeObjects<M: Model> {
    entries: HashMap<NonNull<Header>, Huge<M>, BuildHasherDefault<AddressHasher>>,
    /// The keys, in the order in which tracing goes on, from the end.
    order: Vec<NonNull<Header>>,
    /// Blocks that objects replaced which have been traced since.
    replaced: Vec<(NonNull<u8>, usize)>,
}

/// One of them.
struct Huge<M: Model> {
    view: M::View,
    slots: usize,
    /// Segments not traced yet.
    left: usize,
    /// All segments below have been traced.
    next: usize,
    /// One bit for each segment: traced.
    traced: Vec<u64>,
    /// Stores that found their segment traced.
    detours: u32,
    /// Blocks that the object has replaced, with their sizes.
    replaced: Vec<(NonNull<u8>, usize)>,
}

/// How many stores into traced segments of an object trace one more of its segments: until its last one every store into it takes the
/// slow path, and a program that does not allocate gives the collector no time to get there.
const DETOURS: u32 = 16;

/// Spreads addresses; nobody outside chooses them.
#[derive(Default)]
pub(crate) struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_usize(byte.into());
        }
    }

    fn write_usize(&mut self, address: usize) {
        self.0 = (self.0 ^ address as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl<M: Model> Default for HugeObjects<M> {
    fn default() -> Self {
        HugeObjects { entries: HashMap::default(), order: Vec::new(), replaced: Vec::new() }
    }
}

impl<M: Model> HugeObjects<M> {
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Enters an object; false if there is no memory for that.
    pub(crate) fn insert(&mut self, object: NonNull<Header>, slots: usize, view: M::View) -> bool {
        let left = slots.div_ceil(M::SEGMENT);
        let words = left.div_ceil(64);
        let mut traced = Vec::new();
        let room = traced.try_reserve_exact(words).is_ok() && self.order.try_reserve(1).is_ok() && self.entries.try_reserve(1).is_ok();
        if room {
            traced.resize(words, 0);
            self.order.push(object);
            self.entries.insert(object, Huge { view, slots, left, next: 0, traced, detours: 0, replaced: Vec::new() });
        }
        room
    }
}

impl<M: Model> HugeObjects<M> {
    /// Takes the objects in the list, and others that have been traced since they came there, before the list is given up.
    pub(crate) fn take_objects(&mut self) -> Vec<NonNull<Header>> {
        mem::take(&mut self.order)
    }

    /// Notes that a segment of an object in the list has been traced, but not the last one.
    pub(crate) fn skip(&mut self, object: NonNull<Header>, segment: usize) {
        if let Some(huge) = self.entries.get_mut(&object) {
            huge.claim(segment);
        }
    }
}

impl<M: Model> Huge<M> {
    /// Takes a segment, unless it is taken; returns the slots in it.
    fn claim(&mut self, segment: usize) -> Option<(usize, usize)> {
        let bit = 1 << (segment % 64);
        let from = segment.checked_mul(M::SEGMENT).filter(|&from| from < self.slots)?;
        let word = self.traced.get_mut(segment / 64)?;
        if *word & bit != 0 {
            return None;
        }
        *word |= bit;
        self.left -= 1;
        Some((from, (from + M::SEGMENT).min(self.slots)))
    }

    /// Takes a segment before a store into it; if it is taken, at times another one.
    fn claim_for_store(&mut self, segment: usize) -> Option<(usize, usize)> {
        self.claim(segment).or_else(|| {
            self.detours = (self.detours + 1) % DETOURS;
            if self.detours == 0 { self.claim_next() } else { None }
        })
    }

    /// Takes the first segment that is not taken.
    fn claim_next(&mut self) -> Option<(usize, usize)> {
        while self.next * M::SEGMENT < self.slots {
            let segment = self.next;
            self.next += 1;
            if let Some(claimed) = self.claim(segment) {
                return Some(claimed);
            }
        }
        None
    }
}

impl<M: Model> Heap<M> {
    /// As [`barrier`](Heap::barrier), for a store into one slot of an object that may be
    /// huge: at most one segment is traced, the slot's if it was not yet. `refers`: whether what is stored may be a
    /// reference.
    ///
    /// Slots are counted as the object stands now ([`Model::slot_in_view`]); a number that is too high does no
    /// harm. Before stores elsewhere in such an object stands
    /// [`barrier_head`](Heap::barrier_head).
    ///
    /// # Safety
    ///
    /// `object` is a live object of this heap, initialised.
    #[inline(always)]
    pub unsafe fn barrier_at(&mut self, object: NonNull<Header>, slot: usize, refers: bool) {
        // SAFETY: the caller promises that `object` lives.
        let mark = unsafe { object.as_ref() }.mark_before_store();
        if mark & self.barrier_mask != 0 {
            // SAFETY: as above.
            unsafe { self.barrier_at_slow(object, slot, refers) };
        }
    }

    #[cold]
    #[inline(never)]
    unsafe fn barrier_at_slow(&mut self, object: NonNull<Header>, slot: usize, refers: bool) {
        if self.has_ages() {
            // SAFETY: the caller's promise; what the barrier stops at is old.
            return unsafe { self.remember_slot(object, slot, refers) };
        }
        let piece = self.meter.begin_short();
        // SAFETY: the caller promises that `object` lives and is initialised.
        unsafe { Tracer::new(&mut self.marking).scan_slot(object, slot) };
        self.meter.end(piece);
    }

    /// As [`barrier`](Heap::barrier), for stores outside of the slots of an object that may be
    /// huge, and before it replaces raw blocks by others that hold what these held: only
    /// [`Model::trace`] is called. The old blocks are given back by
    /// [`free_replaced`](Heap::free_replaced) and not written any more.
    ///
    /// # Safety
    ///
    /// `object` is a live object of this heap, initialised.
    #[inline]
    pub unsafe fn barrier_head(&mut self, object: NonNull<Header>) {
        // Tracing looks at the blocks that the entry of a huge object names.
        // SAFETY: the caller's promise. No object has that many slots.
        unsafe { self.barrier_at(object, usize::MAX, true) };
    }

    /// As [`barrier_head`](Heap::barrier_head), before the object replaces a raw block by a larger
    /// one, and no slot of it that is used gets another number.
    ///
    /// # Safety
    ///
    /// `object` is a live object of this heap, initialised.
    #[inline]
    pub unsafe fn barrier_grow(&mut self, object: NonNull<Header>) {
        // SAFETY: the caller's promise.
        unsafe {
            // Remembered slots keep their meaning.
            if !self.has_ages() || M::slots(object).is_none() {
                self.barrier_head(object);
            }
        }
    }

    /// Gives back a raw block that `object` has replaced: at once, or when marking
    /// ends.
    ///
    /// # Safety
    ///
    /// As [`free_raw`](Heap::free_raw); `object` is a live object of this heap.
    pub unsafe fn free_replaced(&mut self, object: NonNull<Header>, block: NonNull<u8>, size: usize) {
        // SAFETY: the caller promises that `object` lives.
        let is_huge = unsafe { object.as_ref() }.mark_before_store() & HUGE != 0;
        if is_huge && self.marking.shared.is_some() {
            self.marking.huge.replaced.push((block, size));
        } else if is_huge && let Some(huge) = self.marking.huge.entries.get_mut(&object) {
            huge.replaced.push((block, size));
        } else {
            // SAFETY: the caller's promise.
            unsafe { self.free_raw(block, size) };
        }
    }

    /// Marking has ended: gives back the blocks that it might still have looked at.
    pub(crate) fn free_all_replaced(&mut self) {
        let HugeObjects { entries, replaced, .. } = mem::take(&mut self.marking.huge);
        for (block, size) in entries.into_values().flat_map(|huge| huge.replaced).chain(replaced) {
            // SAFETY: `free_replaced` was promised that nothing uses the block.
            unsafe { self.free_raw(block, size) };
        }
    }
}

impl<M: Model> Tracer<'_, M> {
    /// The object that is being traced has `slots` slots of references beside what has
    /// been marked: [`Model::trace_slots`] is called for them before marking ends, with
    /// this view of where they are.
    ///
    /// # Safety
    ///
    /// `object` is the object that [`Model::trace`] was called for; it calls this
    /// once at most.
    pub unsafe fn defer(&mut self, object: NonNull<Header>, slots: usize, view: M::View) {
        if slots == 0 {
            return;
        }
        if let Some(shared) = self.marking.shared {
            // SAFETY: the heap keeps what it shares until marking ends; the caller promises the rest.
            return unsafe { self.defer_shared(shared, object, slots, view) };
        }
        if self.marking.huge.insert(object, slots, view) {
            // SAFETY: the caller promises that it is being traced.
            let header = unsafe { object.as_ref() };
            header.set_mark(header.mark() & !COLOURS | GREY | HUGE);
        } else {
            // SAFETY: the caller promises that it is being traced.
            unsafe { M::trace_slots(object, &view, 0, slots, self) };
        }
    }

    /// As [`scan_now`](Tracer::scan_now), but of an object that is traced in segments only the one with this slot. For
    /// roots of which only a part will be written; not in minor collections ([`is_minor`](Tracer::is_minor)).
    ///
    /// # Safety
    ///
    /// As [`mark`](Tracer::mark).
    pub unsafe fn scan_slot(&mut self, object: NonNull<Header>, slot: usize) {
        // SAFETY: the caller's promise.
        unsafe {
            if let Some(shared) = self.marking.shared {
                return self.scan_shared_at(shared, object, slot);
            }
            let mark = object.as_ref().mark();
            if mark & HUGE == 0 && mark & (self.marking.white | GREY) != 0 {
                self.trace_head(object);
            }
            if object.as_ref().mark() & HUGE != 0 {
                self.trace_segment(object, |huge| huge.claim_for_store(M::slot_in_view(object, &huge.view, slot) / M::SEGMENT));
            }
        }
    }

    /// Whether this is a minor collection, which traces roots as a whole.
    #[must_use]
    pub fn is_minor(&self) -> bool {
        self.marking.minor
    }

    /// Traces one segment of one huge object. There is one.
    pub(crate) fn trace_next_segment(&mut self) {
        if let Some(&object) = self.marking.huge.order.last()
            && self.trace_segment(object, Huge::claim_next).is_none()
        {
            self.marking.huge.order.pop();
        }
    }

    /// Traces what is left of a huge object, if it has an entry.
    pub(crate) fn finish_huge(&mut self, object: NonNull<Header>) {
        while self.trace_segment(object, Huge::claim_next).is_some() {}
    }

    /// Traces the segment that `claim` takes, and removes the entry with its last segment.
    /// `None` if there is no entry; it stays in the order, to be skipped.
    fn trace_segment(&mut self, object: NonNull<Header>, claim: impl FnOnce(&mut Huge<M>) -> Option<(usize, usize)>) -> Option<()> {
        let huge = self.marking.huge.entries.get_mut(&object)?;
        if let Some((from, to)) = claim(huge) {
            let (view, left) = (huge.view, huge.left);
            // SAFETY: objects in the list are alive until marking ends, their blocks as long as the entry.
            unsafe { M::trace_slots(object, &view, from, to, self) };
            if left == 0 {
                self.retire_huge(object);
            }
        }
        Some(())
    }

    fn retire_huge(&mut self, object: NonNull<Header>) {
        // SAFETY: objects in the list are alive until marking ends.
        let header = unsafe { object.as_ref() };
        header.set_mark(header.mark() & !(GREY | HUGE) | self.marking.black);
        let huge = &mut self.marking.huge;
        huge.replaced.extend(huge.entries.remove(&object).into_iter().flat_map(|entry| entry.replaced));
    }
}
