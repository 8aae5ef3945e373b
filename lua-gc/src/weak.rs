//! What [`Model::clear_weak`] asks of a heap (§2.5.4).

use std::ptr::NonNull;

use crate::header::COLOURS;
use crate::tracer::is_in;
use crate::{Header, Heap, Model};

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
            header.set_mark(header.mark() & !COLOURS | self.heap.marking.black);
        }
    }

    /// The data of the VM beside the objects.
    #[inline]
    pub fn side(&mut self) -> &mut M::Side {
        &mut self.heap.side
    }
}
