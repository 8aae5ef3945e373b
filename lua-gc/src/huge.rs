//! Objects too large to be traced at once: they are traced in segments, and the
//! program claims single segments of them before it writes there.
//!
//! A huge object stays grey until all its segments have been traced. Meanwhile it
//! has the bit [`HUGE`] and is in the list `Heap::huge`; if it is on the mark stack,
//! that does not count.

use std::ptr::NonNull;

use crate::header::{COLOURS, GREY, HUGE};
use crate::{Header, Heap, Model, Tracer};

/// An object of which some segments have been traced.
pub(crate) struct Huge {
    object: NonNull<Header>,
    segments: usize,
    /// Segments not traced yet.
    left: usize,
    /// All segments below have been traced.
    next: usize,
    /// One bit for each segment: traced.
    traced: Vec<u64>,
}

impl Huge {
    /// Takes a segment, unless it is taken.
    fn claim(&mut self, segment: usize) -> bool {
        let bit = 1 << (segment % 64);
        let Some(word) = self.traced.get_mut(segment / 64) else {
            return false;
        };
        if segment >= self.segments || *word & bit != 0 {
            return false;
        }
        *word |= bit;
        self.left -= 1;
        true
    }

    /// Takes the first segment that is not taken.
    fn claim_next(&mut self) -> Option<usize> {
        while self.next < self.segments {
            let segment = self.next;
            self.next += 1;
            if self.claim(segment) {
                return Some(segment);
            }
        }
        None
    }
}

impl<M: Model> Heap<M> {
    /// As [`barrier`](Heap::barrier), for stores into one segment of a raw block of an
    /// object that may be huge: at most that segment is traced.
    ///
    /// Segments are counted as in [`Model::trace_segment`]. Other stores into
    /// such an object, and replacing the block, go through
    /// [`barrier`](Heap::barrier), which traces all that is left.
    ///
    /// # Safety
    ///
    /// `object` is a live object of this heap, initialised.
    #[inline(always)]
    pub unsafe fn barrier_at(&mut self, object: NonNull<Header>, segment: usize) {
        // SAFETY: the caller promises that `object` lives.
        let mark = unsafe { object.as_ref() }.mark();
        if mark & self.barrier_mask != 0 {
            // SAFETY: as above.
            unsafe { self.barrier_at_slow(object, segment) };
        }
    }

    #[cold]
    #[inline(never)]
    unsafe fn barrier_at_slow(&mut self, object: NonNull<Header>, segment: usize) {
        let piece = self.meter.begin_short();
        // SAFETY: as the caller promises.
        unsafe { self.claim_segment(object, segment) };
        self.meter.end(piece);
    }

    /// Traces one segment of an object before it is written.
    ///
    /// # Safety
    ///
    /// As [`Heap::barrier_at`].
    unsafe fn claim_segment(&mut self, object: NonNull<Header>, segment: usize) {
        let mut tracer = Tracer::new(&mut self.marking);
        // SAFETY: the caller promises that `object` lives and is initialised.
        unsafe {
            if object.as_ref().mark() & HUGE == 0 {
                tracer.trace_head(object);
            }
            let Some(index) = tracer.find_huge(object) else {
                return;
            };
            if tracer.marking.huge[index].claim(segment) {
                M::trace_segment(object, segment, &mut tracer);
                tracer.retire_huge(index);
            }
        }
    }
}

impl<M: Model> Tracer<'_, M> {
    /// The object that is being traced has `segments` segments of references
    /// beside what has been marked: [`Model::trace_segment`] is called for each,
    /// before marking ends.
    ///
    /// # Safety
    ///
    /// `object` is the object that [`Model::trace`] was called for; it calls this
    /// once at most.
    pub unsafe fn defer(&mut self, object: NonNull<Header>, segments: usize) {
        if segments == 0 {
            return;
        }
        let words = segments.div_ceil(64);
        let mut traced = Vec::new();
        if traced.try_reserve_exact(words).is_err() || self.marking.huge.try_reserve(1).is_err() {
            for segment in 0..segments {
                // SAFETY: the caller promises that it is being traced.
                unsafe { M::trace_segment(object, segment, self) };
            }
            return;
        }
        traced.resize(words, 0);
        // SAFETY: the caller promises that it is being traced.
        let header = unsafe { object.as_ref() };
        header.set_mark(header.mark() & !COLOURS | GREY | HUGE);
        self.marking.huge.push(Huge { object, segments, left: segments, next: 0, traced });
    }

    /// Traces one segment of one huge object. There is one.
    pub(crate) fn trace_next_segment(&mut self) {
        let index = self.marking.huge.len() - 1;
        let huge = &mut self.marking.huge[index];
        let object = huge.object;
        if let Some(segment) = huge.claim_next() {
            // SAFETY: objects in the list are alive until marking ends.
            unsafe { M::trace_segment(object, segment, self) };
        }
        self.retire_huge(index);
    }

    /// Traces what is left of a huge object, if it is in the list.
    pub(crate) fn finish_huge(&mut self, object: NonNull<Header>) {
        let Some(index) = self.find_huge(object) else {
            return;
        };
        while let Some(segment) = self.marking.huge[index].claim_next() {
            // SAFETY: objects in the list are alive until marking ends.
            unsafe { M::trace_segment(object, segment, self) };
        }
        self.retire_huge(index);
    }

    fn find_huge(&self, object: NonNull<Header>) -> Option<usize> {
        self.marking.huge.iter().position(|huge| huge.object == object)
    }

    /// Removes an entry if all its segments have been traced.
    fn retire_huge(&mut self, index: usize) {
        let huge = &self.marking.huge[index];
        if huge.left == 0 {
            // SAFETY: objects in the list are alive until marking ends.
            let header = unsafe { huge.object.as_ref() };
            header.set_mark(header.mark() & !(GREY | HUGE) | self.marking.black);
            self.marking.huge.swap_remove(index);
        }
    }
}
