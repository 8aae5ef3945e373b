//! The end of marking: ephemerons and weak tables (§2.5.4).

use std::mem;
use std::ptr::NonNull;

use crate::header::COLOURS;
use crate::tracer::is_in;
use crate::{Header, Heap, Model, Tracer, WeakPhase};

/// Tells [`Model::clear_weak`] what has died.
pub struct Marks<'h, M: Model> {
    pub(crate) heap: &'h mut Heap<M>,
}

impl<M: Model> Marks<'_, M> {
    /// Whether `object` was not reached in the cycle that ends.
    ///
    /// # Safety
    ///
    /// `object` is an object of this heap that has not been freed, or a shared one.
    #[inline(always)]
    #[must_use]
    pub unsafe fn is_dead(&self, object: NonNull<Header>) -> bool {
        // SAFETY: the caller promises that `object` has not been freed.
        unsafe { object.as_ref() }.mark() & self.heap.white != 0
    }

    /// Keeps an object of a leaf kind alive although it was not reached: strings
    /// are not removed from weak tables. Shared objects count as reached.
    ///
    /// # Safety
    ///
    /// As [`is_dead`](Marks::is_dead); the kind is in [`Model::LEAF_KINDS`].
    #[inline]
    pub unsafe fn keep(&mut self, object: NonNull<Header>) {
        // SAFETY: the caller promises that `object` has not been freed.
        let header = unsafe { object.as_ref() };
        if header.is_shared() {
            // SAFETY: `object` is shared.
            unsafe { M::reached_shared(object, &mut self.heap.marking.reached) };
        } else if header.mark() & self.heap.white != 0 {
            debug_assert!(is_in(M::LEAF_KINDS, header.kind()));
            header.set_mark(header.mark() ^ COLOURS);
        }
    }

    /// The data of the VM beside the objects.
    #[inline]
    pub fn side(&mut self) -> &mut M::Side {
        &mut self.heap.side
    }
}

impl<M: Model> Heap<M> {
    /// Marks what is left, and the values of ephemeron tables whose keys are
    /// marked, until nothing changes.
    pub(crate) fn converge(&mut self) {
        let mut backwards = false;
        loop {
            self.drain(usize::MAX);
            let count = self.marking.ephemerons.len();
            let mut changed = false;
            for step in 0..count {
                // Chains that go against the order of the list would take one
                // round for each link; alternate rounds take them at once.
                let index = if backwards { count - 1 - step } else { step };
                let table = self.marking.ephemerons[index];
                // SAFETY: `table` was traced in this cycle, so it is alive.
                if unsafe { M::trace_ephemeron(table, &mut Tracer::new(&mut self.marking)) } {
                    changed = true;
                    self.drain(usize::MAX);
                }
            }
            if !changed && self.marking.ephemerons.len() == count {
                return;
            }
            backwards = !backwards;
        }
    }

    /// Removes dead entries from all weak tables that were reached.
    pub(crate) fn clear_weak(&mut self, phase: WeakPhase) {
        let lists = [mem::take(&mut self.marking.weak), mem::take(&mut self.marking.ephemerons)];
        let mut marks = Marks { heap: self };
        for &table in lists.iter().flatten() {
            // SAFETY: `table` was traced in this cycle, so it is alive.
            unsafe { M::clear_weak(table, &mut marks, phase) };
        }
        if phase == WeakPhase::Values {
            [self.marking.weak, self.marking.ephemerons] = lists;
        }
    }
}
