//! Leaving out what keeps objects alive, so that a test can show that it would notice.

use crate::{Heap, Model};

/// What a heap does without.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Omitted {
    pub(crate) barrier: bool,
    pub(crate) remembering: bool,
    pub(crate) clearing: bool,
    /// The kinds whose objects are not revived, by bit number.
    revival: u64,
}

impl<M: Model> Heap<M> {
    /// From the next cycle on, stores ask nobody.
    ///
    /// # Safety
    ///
    /// Objects that are in use will be freed: the process does nothing but find that out.
    pub unsafe fn omit_barrier(&mut self) {
        self.omitted.barrier = true;
    }

    /// From the next time on that objects are told by age, nobody remembers the old ones that are stored to.
    ///
    /// # Safety
    ///
    /// As for [`omit_barrier`](Heap::omit_barrier).
    pub unsafe fn omit_remembering(&mut self) {
        self.omitted.remembering = true;
    }

    /// From now on, weak tables keep entries of dead objects.
    ///
    /// # Safety
    ///
    /// As for [`omit_barrier`](Heap::omit_barrier).
    pub unsafe fn omit_clearing(&mut self) {
        self.omitted.clearing = true;
    }

    /// From now on, dead objects of this kind that are found again stay dead.
    ///
    /// # Safety
    ///
    /// As for [`omit_barrier`](Heap::omit_barrier).
    pub unsafe fn omit_revival(&mut self, kind: u8) {
        self.omitted.revival |= 1 << (kind & 63);
    }

    pub(crate) fn omits_revival(&self, kind: u8) -> bool {
        self.omitted.revival >> (kind & 63) & 1 != 0
    }
}
