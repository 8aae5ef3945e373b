//! Marking: what [`Model::trace`] talks to.

use std::ptr::NonNull;

use crate::ending::WeakPart;
use crate::header::{COLOURS, GREY, HUGE, Header, SHARED};
use crate::marking::Marking;
use crate::{Heap, Model, prefetch_block};

/// Work that one object counts for, in bytes, whatever its size.
pub(crate) const OBJECT_WORK: usize = 64;

/// What an object refers to is prefetched when so many are left on the stack before it.
const AHEAD: usize = 6;
/// The object itself is prefetched when so many are left before it: the program's barriers push much that is no longer near
/// when its turn comes.
const FAR_AHEAD: usize = 16;

/// Takes the references of the object that is being traced.
pub struct Tracer<'h, M: Model> {
    pub(crate) marking: &'h mut Marking<M>,
    pub(crate) work: usize,
}

impl<'h, M: Model> Tracer<'h, M> {
    pub(crate) fn new(marking: &'h mut Marking<M>) -> Self {
        Tracer { marking, work: 0 }
    }

    /// `object` is referred to.
    ///
    /// # Safety
    ///
    /// `object` is an object of this heap that has not been freed, initialised, or
    /// a shared one.
    #[inline(always)]
    pub unsafe fn mark(&mut self, object: NonNull<Header>) {
        if self.marking.shared.is_some() {
            return self.log(object);
        }
        // SAFETY: the caller promises that `object` has not been freed.
        let header = unsafe { object.as_ref() };
        let mark = header.mark();
        if mark & self.marking.white != 0 {
            if is_in(M::LEAF_KINDS, header.kind()) {
                header.set_mark(mark & !COLOURS | self.marking.black);
            } else {
                header.set_mark(mark & !COLOURS | GREY);
                self.push(object);
            }
        } else if mark & SHARED != 0 && !self.marking.minor {
            // Minor collections give up nothing that is shared.
            // SAFETY: `object` is shared.
            unsafe { M::reached_shared(object, &mut self.marking.reached) };
        }
    }

    /// Whether [`mark`](Tracer::mark) does not look at objects, but leaves that for later or to others: then it does not pay
    /// to prefetch what it is about to be given.
    #[inline(always)]
    #[must_use]
    pub fn only_logs(&self) -> bool {
        self.marking.shared.is_some()
    }

    /// Marks `object` and traces it at once, if that has not been done yet.
    ///
    /// For roots that are written without a barrier: the stack of the running
    /// coroutine and of those that wait for it.
    ///
    /// # Safety
    ///
    /// As [`mark`](Tracer::mark).
    pub unsafe fn scan_now(&mut self, object: NonNull<Header>) {
        if let Some(shared) = self.marking.shared {
            // SAFETY: the caller's promise.
            return unsafe { self.scan_shared(shared, object) };
        }
        // SAFETY: the caller promises that `object` has not been freed.
        unsafe {
            let mark = object.as_ref().mark();
            if mark & (self.marking.white | GREY) == 0 && !self.marking.minor {
                return;
            }
            if mark & HUGE == 0 {
                self.trace_head(object);
            }
            if object.as_ref().mark() & HUGE != 0 {
                self.finish_huge(object);
            }
        }
    }

    /// Traces an object that is white or grey and not yet in the list of huge
    /// ones; it may get there.
    ///
    /// # Safety
    ///
    /// As [`mark`](Tracer::mark).
    pub(crate) unsafe fn trace_head(&mut self, object: NonNull<Header>) {
        // SAFETY: the caller promises that `object` has not been freed.
        unsafe {
            let header = object.as_ref();
            header.set_mark(header.mark() & !(COLOURS | GREY) | self.marking.black);
            self.work += OBJECT_WORK;
            if !is_in(M::LEAF_KINDS, header.kind()) {
                M::trace(object, self);
            }
        }
    }

    /// The table that is being traced has weak values (and perhaps weak
    /// keys): [`Model::clear_weak`] is called for it when marking ends.
    #[inline]
    pub fn weak(&mut self, object: NonNull<Header>) {
        self.weak_slots(object, 0, usize::MAX);
    }

    /// The table that is being traced has weak keys and strong values (§2.5.4):
    /// [`Model::trace_ephemeron`] and then [`Model::clear_weak`] are called for
    /// it when marking ends.
    #[inline]
    pub fn ephemeron(&mut self, object: NonNull<Header>) {
        self.ephemeron_slots(object, 0, usize::MAX);
    }

    /// As [`weak`](Tracer::weak), of some of the table's slots: for minor collections, which look only at those that were
    /// written ([`Model::slots`]).
    #[inline]
    pub fn weak_slots(&mut self, object: NonNull<Header>, from: usize, to: usize) {
        self.marking.weak.push(WeakPart { object, from, to });
    }

    /// As [`weak_slots`](Tracer::weak_slots), for [`ephemeron`](Tracer::ephemeron).
    #[inline]
    pub fn ephemeron_slots(&mut self, object: NonNull<Header>, from: usize, to: usize) {
        self.marking.ephemerons.push(WeakPart { object, from, to });
    }

    /// Whether `object` has been reached in this cycle, or is shared.
    ///
    /// # Safety
    ///
    /// As [`mark`](Tracer::mark).
    #[inline(always)]
    #[must_use]
    pub unsafe fn is_marked(&self, object: NonNull<Header>) -> bool {
        // SAFETY: the caller promises that `object` has not been freed.
        unsafe { object.as_ref() }.mark() & self.marking.white == 0
    }

    /// Tells that tracing this object took reading `bytes` bytes beside it
    /// (its raw blocks), so that slices of work stay of equal length.
    #[inline(always)]
    pub fn add_work(&mut self, bytes: usize) {
        self.work += bytes;
    }

    #[inline(always)]
    pub(crate) fn push(&mut self, object: NonNull<Header>) {
        if !self.try_push(object) {
            self.marking.stack_overflowed = true;
        }
    }

    /// Pushes an object; false if there is no memory for that.
    #[inline(always)]
    pub(crate) fn try_push(&mut self, object: NonNull<Header>) -> bool {
        #[cfg(test)]
        if self.marking.stack.len() >= self.marking.stack_limit {
            return false;
        }
        self.marking.stack.push(object)
    }

    /// Traces grey objects until none is left (true) or `budget` bytes of work
    /// have been done (false).
    /// If `LINKED`, the keys among them mark the values that wait for them.
    pub(crate) fn drain<const LINKED: bool>(&mut self, budget: usize) -> bool {
        self.work = 0;
        loop {
            while let Some(object) = self.marking.stack.pop() {
                if let Some(later) = self.marking.stack.peek(FAR_AHEAD - 1) {
                    prefetch_block(later.as_ptr());
                }
                if let Some(later) = self.marking.stack.peek(AHEAD - 1) {
                    // SAFETY: as below.
                    unsafe { M::prefetch(later) };
                }
                if LINKED {
                    // SAFETY: as below.
                    unsafe { self.follow_links(object) };
                }
                // SAFETY: the stack holds objects that `mark` was given; none
                // is freed before marking ends.
                let header = unsafe { object.as_ref() };
                let mark = header.mark();
                if mark & (GREY | HUGE) != GREY {
                    // The barrier was faster. There may be many such objects in a row, and each look takes its time.
                    self.work += OBJECT_WORK;
                    if self.work >= budget {
                        return false;
                    }
                    continue;
                }
                header.set_mark(mark & !GREY | self.marking.black);
                // SAFETY: as above.
                unsafe { M::trace(object, self) };
                self.work += OBJECT_WORK;
                if self.work >= budget {
                    return false;
                }
            }
            if !self.marking.huge.is_empty() {
                self.trace_next_segment();
                if self.work >= budget {
                    return false;
                }
            } else {
                return true;
            }
        }
    }
}

impl<M: Model> Heap<M> {
    /// As [`Tracer::drain`], and no grey object is missing in the end. Takes the work off from `left`.
    pub(crate) fn drain(&mut self, left: &mut usize) -> bool {
        loop {
            let mut tracer = Tracer::new(&mut self.marking);
            let done = if tracer.marking.links.is_empty() { tracer.drain::<false>(*left) } else { tracer.drain::<true>(*left) };
            *left = left.saturating_sub(tracer.work);
            if !done {
                return false;
            }
            if !self.marking.stack_overflowed {
                return true;
            }
            self.drain_overflow();
        }
    }

    /// Finds the grey objects that the stack had no room for, by walking all
    /// pages. Not bounded, but it happens only when memory is exhausted.
    #[cold]
    fn drain_overflow(&mut self) {
        self.marking.stack_overflowed = false;
        // SAFETY: tracing neither allocates nor sweeps.
        unsafe {
            self.walk(|heap, object| {
                if object.as_ref().mark() & GREY != 0 {
                    Tracer::new(&mut heap.marking).scan_now(object);
                }
            });
        }
    }
}

/// Whether the set has the kind. Kinds are below 64.
#[inline(always)]
pub(crate) fn is_in(set: u64, kind: u8) -> bool {
    set >> (kind & 63) & 1 != 0
}
