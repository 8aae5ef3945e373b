//! Objects with finalizers (§2.5.3): which of them are dead, and in which order
//! their finalizers run. The VM runs them.

use std::ptr::NonNull;

use crate::concurrent::claim;
use crate::header::FINALIZER;
use crate::{Header, Heap, Model, Tracer};

impl<M: Model> Heap<M> {
    /// `object` has got a metatable with a finalizer. Does nothing if it is
    /// registered already, or if the heap is closing.
    ///
    /// # Safety
    ///
    /// `object` is a live object of this heap, initialised.
    pub unsafe fn register_finalizer(&mut self, object: NonNull<Header>) {
        // SAFETY: the caller promises that `object` lives.
        let header = unsafe { object.as_ref() };
        if header.mark() & FINALIZER == 0 && !header.is_shared() && !self.closing {
            claim::change(header.cell(), |mark| mark | FINALIZER);
            self.registered.push(object);
        }
    }

    /// The next dead object whose finalizer is to be called, in reverse order of
    /// registration within a cycle. It is alive again and no longer registered;
    /// the caller roots it.
    pub fn next_finalizable(&mut self) -> Option<NonNull<Header>> {
        let object = self.pending.pop_front()?;
        // SAFETY: pending objects are roots, so they live.
        unsafe {
            self.revive(object);
            let header = object.as_ref();
            claim::change(header.cell(), |mark| mark & !FINALIZER);
        }
        Some(object)
    }

    /// Whether [`next_finalizable`](Heap::next_finalizable) has one.
    #[inline]
    #[must_use]
    pub fn has_finalizable(&self) -> bool {
        !self.pending.is_empty()
    }

    /// The VM closes: the finalizers of all registered objects are due, the
    /// latest first, and none is registered any more.
    pub fn finalize_all(&mut self) {
        self.closing = true;
        while let Some(object) = self.registered.pop() {
            self.pending.push_back(object);
        }
    }

    /// Moves registered objects that were not reached to the pending ones, but looks only at those
    /// from number `from` on.
    pub(crate) fn separate_finalizable(&mut self, from: usize) {
        let white = self.white;
        // SAFETY: registered objects are freed only when they are pending no more.
        let is_dead = |object: &NonNull<Header>| unsafe { object.as_ref() }.mark() & white != 0;
        self.pending.extend(self.registered[from..].iter().rev().copied().filter(is_dead));
        self.registered.extract_if(from.., |object| is_dead(object)).for_each(drop);
    }

    /// Pending objects are roots.
    pub(crate) fn mark_pending(&mut self) {
        for index in 0..self.pending.len() {
            let object = self.pending[index];
            // SAFETY: pending objects have not been freed.
            unsafe { Tracer::new(&mut self.marking).mark(object) };
        }
    }
}
