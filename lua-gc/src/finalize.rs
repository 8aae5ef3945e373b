//! Objects with finalizers (§2.5.3): which of them are dead, and in which order
//! their finalizers run. The VM runs them.

use std::mem;
use std::ptr::NonNull;

use crate::concurrent::claim;
use crate::header::FINALIZER;
use crate::tracer::OBJECT_WORK;
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
        self.end_marking();
        self.closing = true;
        while let Some(object) = self.registered.pop() {
            self.pending.push_back(object);
        }
    }

    /// Marking has ended: the dead objects that were found are pending, and registered no more.
    pub(crate) fn separate_finalizable(&mut self) {
        let dead = mem::take(&mut self.ending.dead);
        self.pending.extend(dead.iter().rev().map(|&index| self.registered[index]));
        let Some(&first) = dead.first() else { return };
        let (mut index, mut next) = (first, dead.iter().copied().peekable());
        self.registered
            .extract_if(first.., |_| {
                index += 1;
                next.next_if_eq(&(index - 1)).is_some()
            })
            .for_each(drop);
    }

    /// Pending objects are roots. Those that the program takes meanwhile it revives.
    pub(crate) fn mark_pending(&mut self, left: &mut usize) -> bool {
        loop {
            self.ending.pending_left = self.ending.pending_left.min(self.pending.len());
            if self.ending.pending_left == 0 {
                return true;
            }
            if *left == 0 {
                return false;
            }
            *left = left.saturating_sub(OBJECT_WORK);
            let object = self.pending[self.pending.len() - self.ending.pending_left];
            self.ending.pending_left -= 1;
            // SAFETY: pending objects have not been freed.
            unsafe { Tracer::new(&mut self.marking).mark(object) };
        }
    }
}
