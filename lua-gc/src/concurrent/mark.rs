//! Marking on several threads.
//!
//! A tracer that shares its marking does not look at what an object refers to: it
//! pushes the references on its stack, and whoever pops one claims the object
//! (`claim.rs`) and traces it. So an object is claimed for as long as copying its references
//! takes, the program never waits for memory when it claims one, and a worker can ask for
//! the memory of many objects at once.

use std::ptr::NonNull;

use super::claim::{self, Claim};
use super::huge::SharedHuge;
use super::shared::Shared;
use crate::header::{HUGE, SHARED};
use crate::marking::{Marking, Outcome};
use crate::prefetch_block;
use crate::tracer::is_in;
use crate::{Header, Heap, Model, Tracer};

/// Objects whose headers are on their way from memory.
const AHEAD: usize = 16;
/// Objects between two looks at what other threads want.
const UNTIL_LOOK: usize = if cfg!(test) { 1 } else { 64 };
/// References that the program logs before it passes them on.
const LOG: usize = 1024;

impl<M: Model> Marking<M> {
    /// The state of a worker.
    pub(crate) fn remote(white: u8, black: u8, shared: NonNull<Shared<M>>) -> Self {
        let mut marking = Marking::new(white, black);
        marking.shared = Some(shared);
        marking.is_remote = true;
        marking
    }

    /// Marks until nothing is left for this worker, it is told to stop, or `budget` bytes of work have been done.
    pub(crate) fn work(&mut self, shared: &Shared<M>, budget: usize) {
        let mut tracer = Tracer::new(self);
        while tracer.trace_candidates(shared, budget) {
            if let Some(batch) = shared.take_batch() {
                tracer.marking.stack.put(batch);
            } else if let Some((huge, segment)) = shared.take_segment() {
                // SAFETY: objects in the list live until marking ends.
                unsafe { tracer.trace_shared_segment(shared, &huge, segment) };
            } else {
                return;
            }
        }
    }
}

impl<M: Model> Tracer<'_, M> {
    /// Traces what the stack holds, and what that leads to; returns whether it ended for want of more.
    fn trace_candidates(&mut self, shared: &Shared<M>, budget: usize) -> bool {
        let mut ring = [NonNull::<Header>::dangling(); AHEAD];
        let (mut first, mut count, mut until_look) = (0, 0, UNTIL_LOOK);
        loop {
            while count < AHEAD
                && let Some(object) = self.marking.stack.pop()
            {
                prefetch_block(object.as_ptr());
                ring[(first + count) % AHEAD] = object;
                count += 1;
            }
            if count == 0 {
                return self.work < budget && !shared.is_stopping();
            }
            let object = ring[first];
            first = (first + 1) % AHEAD;
            count -= 1;
            // SAFETY: what the stack holds was reachable in this cycle, so it lives until marking ends.
            unsafe { self.visit(object) };
            until_look -= 1;
            if until_look == 0 {
                until_look = UNTIL_LOOK;
                if self.work >= budget || shared.is_stopping() {
                    for index in 0..count {
                        self.log(ring[(first + index) % AHEAD]);
                    }
                    return false;
                }
                self.give_away(shared);
            }
        }
    }

    /// Passes some references to whoever looks for work.
    fn give_away(&mut self, shared: &Shared<M>) {
        if shared.is_hungry()
            && let Some(block) = self.marking.stack.take_block()
        {
            shared.add_batch(block);
        }
    }

    /// Traces an object unless somebody does, or has.
    ///
    /// # Safety
    ///
    /// As [`Tracer::mark`].
    #[inline]
    unsafe fn visit(&mut self, object: NonNull<Header>) {
        // SAFETY: the caller promises that `object` lives.
        let header = unsafe { object.as_ref() };
        let (white, black) = (self.marking.white, self.marking.black);
        if is_in(M::LEAF_KINDS, header.kind()) && header.mark() & SHARED == 0 {
            return claim::blacken(header.cell(), white, black);
        }
        match claim::claim(header.cell(), white, black) {
            // SAFETY: as above.
            Claim::Mine(mine) => unsafe { self.trace_claimed(object, mine) },
            // SAFETY: the object is shared.
            Claim::Shared => unsafe { M::reached_shared(object, &mut self.marking.reached) },
            Claim::Done | Claim::Busy | Claim::Huge => {}
        }
    }

    /// # Safety
    ///
    /// The caller has claimed the live object and got `mine`.
    unsafe fn trace_claimed(&mut self, object: NonNull<Header>, mine: u8) {
        self.work += crate::tracer::OBJECT_WORK;
        self.marking.outcome = Outcome::Traced;
        // SAFETY: the caller's promise.
        let cell = unsafe {
            M::trace(object, self);
            object.as_ref().cell()
        };
        match self.marking.outcome {
            Outcome::Traced => claim::finish(cell, mine),
            Outcome::Deferred => claim::put_back(cell, mine, HUGE),
            Outcome::Postponed => claim::put_back(cell, mine, 0),
        }
    }

    /// As [`Tracer::scan_now`], when others mark, too.
    ///
    /// # Safety
    ///
    /// As [`Tracer::mark`].
    #[cold]
    pub(crate) unsafe fn scan_shared(&mut self, shared: NonNull<Shared<M>>, object: NonNull<Header>) {
        // SAFETY: the heap keeps what it shares until marking ends; the caller promises the rest.
        let (shared, header) = unsafe { (shared.as_ref(), object.as_ref()) };
        if is_in(M::LEAF_KINDS, header.kind()) {
            return claim::blacken(header.cell(), self.marking.white, self.marking.black);
        }
        // SAFETY: as above.
        if unsafe { self.claim_head(object) }
            && let Some(huge) = shared.find_huge(object)
        {
            while let Some(segment) = huge.claim_next() {
                // SAFETY: the segment is claimed.
                unsafe { self.trace_shared_segment(shared, &huge, segment) };
                self.pass_log(shared, LOG);
            }
            huge.wait();
        }
        self.pass_log(shared, LOG);
    }

    /// Makes sure that an object, segments apart, has been traced; returns whether it has segments that may not
    /// have been.
    ///
    /// # Safety
    ///
    /// As [`Tracer::mark`].
    unsafe fn claim_head(&mut self, object: NonNull<Header>) -> bool {
        // SAFETY: the caller promises that `object` lives.
        let header = unsafe { object.as_ref() };
        match claim::claim_or_wait(header.cell(), self.marking.white, self.marking.black) {
            Claim::Mine(mine) => {
                // SAFETY: as above.
                unsafe { self.trace_claimed(object, mine) };
                self.marking.outcome == Outcome::Deferred
            }
            Claim::Huge => true,
            Claim::Done | Claim::Busy | Claim::Shared => false,
        }
    }

    /// Makes sure that the segment of an object with one slot has been traced.
    ///
    /// # Safety
    ///
    /// As [`Tracer::mark`].
    pub(crate) unsafe fn scan_shared_at(&mut self, shared: NonNull<Shared<M>>, object: NonNull<Header>, slot: usize) {
        // SAFETY: the heap keeps what it shares until marking ends; the caller promises the rest.
        unsafe {
            let shared = shared.as_ref();
            if self.claim_head(object)
                && let Some(huge) = shared.find_huge(object)
            {
                let segment = M::slot_in_view(object, &huge.view, slot) / M::SEGMENT;
                if huge.claim(segment) {
                    self.trace_shared_segment(shared, &huge, segment);
                } else {
                    huge.wait_for(segment);
                }
            }
            self.pass_log(shared, LOG);
        }
    }

    /// # Safety
    ///
    /// The caller has claimed the segment; the object lives.
    unsafe fn trace_shared_segment(&mut self, shared: &Shared<M>, huge: &SharedHuge<M>, segment: usize) {
        let (from, to) = huge.range(segment);
        // SAFETY: the caller's promise; blocks that the object replaced stay until marking ends.
        unsafe { M::trace_slots(huge.object, &huge.view, from, to, self) };
        shared.segment_done(huge, segment, self.marking.black);
    }

    /// As [`Tracer::defer`], when others mark, too.
    ///
    /// # Safety
    ///
    /// As [`Tracer::defer`].
    pub(crate) unsafe fn defer_shared(&mut self, shared: NonNull<Shared<M>>, object: NonNull<Header>, slots: usize, view: M::View) {
        if let Some(huge) = SharedHuge::new(object, slots, view) {
            self.marking.outcome = Outcome::Deferred;
            // SAFETY: the heap keeps what it shares until marking ends.
            unsafe { shared.as_ref() }.add_huge(huge);
        } else {
            // SAFETY: the caller promises that it is being traced.
            unsafe { M::trace_slots(object, &view, 0, slots, self) };
        }
    }

    /// Passes on what the program has logged, if it is that much.
    pub(crate) fn pass_log(&mut self, shared: &Shared<M>, least: usize) {
        if !self.marking.is_remote && self.marking.stack.len() >= least {
            self.marking.stack.take_all().for_each(|batch| shared.add_batch(batch));
        }
    }

    /// Remembers a reference, to be claimed by whoever comes to it.
    #[inline(always)]
    pub(crate) fn log(&mut self, object: NonNull<Header>) {
        if !self.try_push(object) {
            // SAFETY: references that are traced lead to live objects.
            unsafe { self.lose(object) };
        }
    }

    /// There is no memory to remember a reference: the object becomes grey, and a walk of the heap finds it.
    ///
    /// # Safety
    ///
    /// As [`Tracer::mark`].
    #[cold]
    unsafe fn lose(&mut self, object: NonNull<Header>) {
        // SAFETY: the caller promises that `object` lives.
        let header = unsafe { object.as_ref() };
        if header.is_shared() {
            // SAFETY: the object is shared.
            unsafe { M::reached_shared(object, &mut self.marking.reached) };
        } else if is_in(M::LEAF_KINDS, header.kind()) {
            claim::blacken(header.cell(), self.marking.white, self.marking.black);
        } else {
            claim::lose(header.cell(), self.marking.white);
            self.marking.stack_overflowed = true;
        }
    }

    /// Whether this object, which belongs to the one that is being traced, must be
    /// traced on the VM's thread: that thread writes what tracing would read without
    /// claiming the object. [`Tracer::postpone`] does it.
    #[inline]
    #[must_use]
    pub fn is_remote(&self) -> bool {
        self.marking.is_remote
    }

    /// Whether `object` has been traced in this cycle as it was when the cycle began.
    ///
    /// # Safety
    ///
    /// As [`Tracer::mark`].
    #[must_use]
    pub unsafe fn is_traced(&self, object: NonNull<Header>) -> bool {
        // SAFETY: the caller promises that `object` lives.
        let mark = unsafe { object.as_ref() }.mark_before_store();
        mark & (self.marking.white | crate::header::GREY) == 0
    }

    /// The object that is being traced by a worker is traced once more on the VM's thread, before marking ends
    /// or when the program writes to it.
    pub fn postpone(&mut self, object: NonNull<Header>) {
        debug_assert!(self.marking.is_remote);
        self.marking.outcome = Outcome::Postponed;
        if self.marking.late.try_reserve(1).is_ok() {
            self.marking.late.push(object);
        } else {
            self.marking.stack_overflowed = true;
        }
    }
}

impl<M: Model> Heap<M> {
    /// Passes on what the program has logged since the last time.
    pub(crate) fn pass_log(&mut self) {
        if let Some(shared) = self.marking.shared {
            // SAFETY: the heap keeps what it shares until marking ends.
            Tracer::new(&mut self.marking).pass_log(unsafe { shared.as_ref() }, 1);
        }
    }
}
