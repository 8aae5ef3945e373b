//! What the program reads out of weak tables while a cycle marks.
//!
//! Such an object was not reachable when the cycle began, perhaps, so nothing but
//! this keeps it: it is a root until marking ends. That has a price. A program that
//! asks a weak table again and again whether an object has gone
//! (`repeat ... until weak[1] == nil`) keeps it by asking, in every cycle that
//! marks in steps. So the heap finds out which objects nothing else has kept; if
//! one of them was kept so before, the collector should mark one cycle
//! in a single step, in which nobody asks.

use std::mem;
use std::ptr::NonNull;

use crate::concurrent::claim;
use crate::header::WEAK_READ;
use crate::tracer::is_in;
use crate::{Header, Heap, Model, Tracer};

/// Objects that were read from weak tables, and what became of such objects
/// in earlier cycles.
pub(crate) struct WeakReads {
    /// Objects read in this cycle, white when they were. They have [`WEAK_READ`].
    read: Vec<NonNull<Header>>,
    /// Addresses of the objects that nothing else keeps in this cycle, and in the last one, sorted.
    keeps: Vec<usize>,
    kept: Vec<usize>,
    /// Cycles in a row that kept an object which the one before had kept.
    streak: u32,
    /// The length of a streak after which a cycle in one step is due. It doubles
    /// each time, so that a program which uses a weak table as a cache seldom
    /// has to wait.
    patience: u32,
}

const PATIENCE: u32 = 3;
const MOST_PATIENCE: u32 = 64;

impl Default for WeakReads {
    fn default() -> Self {
        WeakReads { read: Vec::new(), keeps: Vec::new(), kept: Vec::new(), streak: 0, patience: PATIENCE }
    }
}

impl WeakReads {
    /// Compares the objects that only reading kept with those of the last cycle.
    pub(crate) fn cycle_ended(&mut self) {
        let mut kept = mem::take(&mut self.keeps);
        kept.sort_unstable();
        let again = kept.iter().any(|address| self.kept.binary_search(address).is_ok());
        self.streak = if again { self.streak + 1 } else { 0 };
        if kept.is_empty() {
            self.patience = PATIENCE;
        }
        self.kept = kept;
    }

    /// The cycle is given up: who has read objects has them in places that the next one looks at.
    pub(crate) fn give_up(&mut self) {
        for object in self.read.drain(..) {
            // SAFETY: what has been read is not freed before marking ends.
            let header = unsafe { object.as_ref() };
            header.set_mark(header.mark() & !WEAK_READ);
        }
        self.keeps.clear();
    }
}

impl<M: Model> Heap<M> {
    /// Must be called when `object` has been read out of a weak table, before
    /// it is used. False if it is dead: then its entry counts as gone, and is about to go.
    ///
    /// # Safety
    ///
    /// `object` is a live object of this heap, or a shared one.
    #[inline(always)]
    #[must_use]
    pub unsafe fn read_weak(&mut self, object: NonNull<Header>) -> bool {
        // SAFETY: the caller promises that `object` lives.
        let mark = unsafe { object.as_ref() }.mark();
        // SAFETY: as above.
        mark & self.revive_mask == 0 || unsafe { self.read_weak_slow(object) }
    }

    /// As [`read_weak`](Heap::read_weak), for a weak key: its entry is there until the object is really gone (§2.5.4). If it is
    /// dead, and finalizers are going to resurrect others, this finds out at once whether it is among them.
    ///
    /// # Safety
    ///
    /// As for [`read_weak`](Heap::read_weak).
    #[inline]
    #[must_use]
    pub unsafe fn read_weak_key(&mut self, object: NonNull<Header>) -> bool {
        // SAFETY: the caller promises that `object` lives.
        if unsafe { object.as_ref() }.mark() & self.revive_mask != 0 {
            self.decide_keys();
        }
        // SAFETY: as above; marking has not ended.
        unsafe { self.read_weak(object) }
    }

    /// While sweeping, only strings get here: others that died have been cleared.
    #[cold]
    #[inline(never)]
    unsafe fn read_weak_slow(&mut self, object: NonNull<Header>) -> bool {
        // SAFETY: the caller promises that `object` lives.
        let header = unsafe { object.as_ref() };
        let is_leaf = is_in(M::LEAF_KINDS, header.kind());
        if !is_leaf && self.is_decided() {
            return false;
        }
        if header.mark() & WEAK_READ != 0 {
            return true;
        }
        let listed = self.is_marking() && !is_leaf && self.weak_reads.read.try_reserve(1).is_ok();
        if listed {
            claim::change(header.cell(), |mark| mark | WEAK_READ);
            self.weak_reads.read.push(object);
        } else {
            // SAFETY: as above.
            unsafe { self.revive(object) };
        }
        true
    }

    /// Everything else has been marked: marks what was read from weak tables. Returns whether anything was.
    pub(crate) fn mark_weak_reads(&mut self) -> bool {
        let read = mem::take(&mut self.weak_reads.read);
        for &object in &read {
            // SAFETY: objects in the list have not been freed, since marking has
            // not ended.
            let header = unsafe { object.as_ref() };
            header.set_mark(header.mark() & !WEAK_READ);
            if header.mark() & self.white != 0 {
                self.weak_reads.keeps.push(object.addr().get());
            }
        }
        for &object in &read {
            // SAFETY: as above.
            unsafe { Tracer::new(&mut self.marking).mark(object) };
        }
        !read.is_empty()
    }

    /// Whether the next cycle should mark in one step, since the program keeps objects
    /// by asking whether they have gone. Asking uses the advice up.
    pub fn should_mark_at_once(&mut self) -> bool {
        let reads = &mut self.weak_reads;
        if reads.streak < reads.patience {
            return false;
        }
        reads.streak = 0;
        reads.patience = (2 * reads.patience).min(MOST_PATIENCE);
        true
    }
}
