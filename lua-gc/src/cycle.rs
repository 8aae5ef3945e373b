//! The phases of a cycle, from which collectors are made.
//!
//! ```text
//! Idle --begin_marking--> Marking --mark_slice*, end_marking--> Sweeping --sweep_slice*--> Idle
//! ```
//!
//! Marking takes a snapshot: what was reachable when it began is marked in
//! the end, whatever the program does meanwhile. The barrier makes that true by
//! tracing an object before it is first written. A full collection has no use for a snapshot of earlier: it gives up a cycle that
//! marks, and begins anew.

use std::mem;
use std::ptr::{self, NonNull};

use crate::concurrent::Shared;
use crate::ending::{Ending, Stage};
use crate::header::{COLOURS, GREY, HUGE, lowest_colour};
use crate::heap::HEADROOM;
use crate::links::Links;
use crate::{Heap, Model, Tracer};

/// A cycle begins before the heap has grown to its goal, by this part of what lives: the program goes on
/// allocating until the garbage is found and swept.
const LEAD: usize = 6;
/// The same where other threads mark: they may be slow to come, and a cycle costs the program little.
const LEAD_APART: usize = 4;
/// Free raw blocks that are not worth a search, beside those that the program may still need.
pub(crate) const WASTE: usize = 128 * 1024;

/// Where a cycle stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// No cycle runs.
    Idle,
    /// Objects are being marked; writes go through the barrier.
    Marking,
    /// Dead objects are being freed.
    Sweeping,
}

impl<M: Model> Heap<M> {
    /// Where the cycle stands.
    #[inline]
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Begins a cycle: marks the roots. Ends the sweep of the last one if that is
    /// still going on. Does nothing while marking.
    pub fn begin_marking(&mut self, roots: &mut M::Roots) {
        self.begin(roots, None);
    }

    /// Begins a cycle; references are logged for others if the heap shares its marking.
    pub(crate) fn begin(&mut self, roots: &mut M::Roots, shared: Option<NonNull<Shared<M>>>) {
        if self.phase == Phase::Marking {
            return;
        }
        self.finish_sweep();
        self.end_ages();
        self.mark_roots(roots, self.marking.black, shared);
    }

    /// Begins to mark: objects of the colours `white` have not been reached.
    fn mark_roots(&mut self, roots: &mut M::Roots, white: u8, shared: Option<NonNull<Shared<M>>>) {
        self.white = white;
        self.new_mark = lowest_colour(COLOURS & !white);
        self.set_barrier_mask(self.white | GREY);
        self.revive_mask = self.white;
        self.phase = Phase::Marking;
        self.began_at_bytes = self.bytes;
        self.marking.begin(self.white, self.new_mark);
        self.marking.shared = shared;
        self.ending = Ending::new(self.pending.len(), 0);
        if self.marking.shared.is_some() {
            let mut all = usize::MAX;
            self.mark_pending(&mut all);
        }
        // SAFETY: the VM passes its own roots, at a safepoint.
        unsafe { M::trace_roots(roots, &mut Tracer::new(&mut self.marking)) };
    }

    /// Marks for about `work` bytes of objects, and then deals with ephemerons, weak tables and finalizers; returns whether nothing is
    /// left to be done (then [`end_marking`](Heap::end_marking) is due).
    pub fn mark_slice(&mut self, work: usize) -> bool {
        self.end_marking_apart();
        self.phase != Phase::Marking || self.advance(work)
    }

    /// Ends marking: whatever [`mark_slice`](Heap::mark_slice) would still do is done now. Does nothing unless marking.
    pub fn end_marking(&mut self) {
        if self.phase != Phase::Marking {
            return;
        }
        self.end_marking_apart();
        while !self.advance(usize::MAX) {}
        self.marking.links = Links::default();
        self.separate_finalizable();
        self.weak_reads.cycle_ended();
        // SAFETY: this is the end of marking.
        unsafe {
            let reached = mem::take(&mut self.marking.reached);
            M::marking_ended(self, reached);
        }
        self.free_all_replaced();
        self.cycles += 1;
        self.barrier_mask = 0;
        self.revive_mask = self.white;
        self.begin_sweep();
    }

    /// Begins a cycle anew, if one marks, and ends its marking: what has been marked so far may be dead by now, so to look at
    /// the rest as well would be of no use.
    pub(crate) fn mark_anew(&mut self, roots: &mut M::Roots) {
        if self.give_up_marking() {
            self.mark_roots(roots, self.white | self.marking.black, None);
        } else {
            self.end_marking();
            self.begin_marking(roots);
        }
        self.end_marking();
    }

    /// Gives up a cycle that marks: what is grey becomes white; what is black the next cycle is to count as white, too. False, and
    /// the cycle goes on without workers, if the end of marking has begun or some grey objects are in no list; false if none marks.
    fn give_up_marking(&mut self) -> bool {
        let left = self.stop_marking_apart();
        if self.phase != Phase::Marking || self.ending.stage != Stage::Tracing || self.marking.stack_overflowed {
            self.go_on_with(left);
            return false;
        }
        let white = lowest_colour(self.white);
        let huge = self.marking.huge.take_objects();
        for object in self.marking.stack.take_all().flatten().chain(huge).chain(left.grey()) {
            // SAFETY: what has been reached is not freed before marking ends.
            let header = unsafe { object.as_ref() };
            if header.mark() & GREY != 0 {
                header.set_mark(header.mark() & !(GREY | HUGE) | white);
            }
        }
        self.weak_reads.give_up();
        self.free_all_replaced();
        M::marking_given_up(self);
        true
    }

    fn begin_sweep(&mut self) {
        self.phase = Phase::Sweeping;
        self.swept_bytes = 0;
        self.sweep_class = 0;
        self.unswept = self.large_count;
        self.large_unswept = mem::replace(&mut self.large, ptr::null_mut());
        for (class, free) in self.classes.iter_mut().zip(&mut self.free) {
            self.unswept += class.count;
            class.unswept = mem::replace(&mut class.pages, ptr::null_mut());
            class.available = ptr::null_mut();
            class.young = ptr::null_mut();
            *free = ptr::null_mut();
        }
        if self.unswept == 0 {
            self.sweep_ended();
        }
    }

    /// All pages are swept: the size of what lives is known.
    pub(crate) fn sweep_ended(&mut self) {
        self.phase = Phase::Idle;
        self.revive_mask = 0;
        let before = self.bytes;
        // SAFETY: all pages are swept.
        unsafe { M::sweep_ended(self) };
        self.swept_bytes += before.saturating_sub(self.bytes);
        self.settle();
        self.set_threshold(if self.wants_ages { self.bytes } else { self.begin_at });
        self.spare_kept = self.goal.saturating_sub(self.bytes);
        if self.raw_free() > self.goal + WASTE {
            self.begin_trim();
        }
    }

    /// Lets the model give back what it keeps for later; between cycles that counts as what the last one swept.
    pub(crate) fn trim_model(&mut self) {
        let before = self.bytes;
        M::trim(self);
        if self.phase == Phase::Idle && self.bytes < before {
            self.swept_bytes += before - self.bytes;
            self.settle();
            // With ages it is the collector that says when the next collection is due.
            if !self.wants_ages {
                self.set_threshold(self.begin_at);
            }
        }
    }

    /// Derives from what was swept how large the heap may become, and when the next cycle begins.
    fn settle(&mut self) {
        // What was born during the cycle has not been looked at; as a rule, about as much has died since.
        let live = self.began_at_bytes.saturating_sub(self.swept_bytes);
        let percent = if self.wants_ages { 100 + self.tuning.major } else { self.tuning.pause.max(100) };
        let goal = (live / 100).saturating_mul(percent).max(live + HEADROOM);
        self.goal = goal;
        self.begin_at =
            goal.saturating_sub(self.lead.max(live / if self.shared.is_some() { LEAD_APART } else { LEAD })).max(self.bytes + HEADROOM / 2);
        self.settled_bytes = live.min(self.bytes);
    }
}
