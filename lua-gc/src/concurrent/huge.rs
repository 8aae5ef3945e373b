//! Huge objects that several threads trace: each segment is claimed by itself.

use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicU8, AtomicUsize};

use super::claim::Cell;
use crate::{Header, Model};

const FREE: u8 = 0;
const BUSY: u8 = 1;
const DONE: u8 = 2;

/// An object that is traced in segments.
pub(crate) struct SharedHuge<M: Model> {
    pub(crate) object: NonNull<Header>,
    pub(crate) view: M::View,
    pub(crate) slots: usize,
    /// One for each segment.
    states: Box<[AtomicU8]>,
    /// Segments below have been claimed: a hint.
    next: AtomicUsize,
    /// Segments not traced yet.
    left: AtomicUsize,
}

// SAFETY: the object may be traced on any thread (`Model`), and who traces which segment, claims decide.
unsafe impl<M: Model> Send for SharedHuge<M> {}
// SAFETY: as above.
unsafe impl<M: Model> Sync for SharedHuge<M> {}

impl<M: Model> SharedHuge<M> {
    /// `None` if there is no memory.
    pub(crate) fn new(object: NonNull<Header>, slots: usize, view: M::View) -> Option<Arc<Self>> {
        let segments = slots.div_ceil(M::SEGMENT);
        let mut states = Vec::new();
        states.try_reserve_exact(segments).ok()?;
        states.resize_with(segments, || AtomicU8::new(FREE));
        let (states, left) = (states.into_boxed_slice(), AtomicUsize::new(segments));
        Some(Arc::new(SharedHuge { object, view, slots, states, next: AtomicUsize::new(0), left }))
    }

    /// Takes a segment that nobody has taken. The caller traces it and says
    /// [`done`](SharedHuge::done).
    pub(crate) fn claim(&self, segment: usize) -> bool {
        self.states.get(segment).is_some_and(|state| state.compare_exchange(FREE, BUSY, AcqRel, Acquire).is_ok())
    }

    /// As [`claim`](SharedHuge::claim), any segment.
    pub(crate) fn claim_next(&self) -> Option<usize> {
        while self.has_more() {
            let segment = self.next.fetch_add(1, Relaxed);
            if self.claim(segment) {
                return Some(segment);
            }
        }
        None
    }

    /// The slots of a segment: the first, and the one behind the last.
    pub(crate) fn range(&self, segment: usize) -> (usize, usize) {
        (segment * M::SEGMENT, ((segment + 1) * M::SEGMENT).min(self.slots))
    }

    /// A claimed segment has been traced; returns whether it was the last one.
    pub(crate) fn done(&self, segment: usize) -> bool {
        self.states[segment].store(DONE, Release);
        self.left.fetch_sub(1, AcqRel) == 1
    }

    /// Waits until a segment that was claimed has been traced.
    pub(crate) fn wait_for(&self, segment: usize) {
        let mut turn = 0;
        while self.states.get(segment).is_some_and(|state| state.load(Acquire) == BUSY) {
            <AtomicU8 as Cell>::wait(turn);
            turn += 1;
        }
    }

    /// Waits for all segments that were claimed.
    pub(crate) fn wait(&self) {
        for segment in 0..self.states.len() {
            self.wait_for(segment);
        }
    }

    /// Whether some segment has not been claimed, as far as one knows.
    pub(crate) fn has_more(&self) -> bool {
        self.next.load(Relaxed) < self.states.len()
    }

    /// Which segments have been traced. Nobody traces any now.
    pub(crate) fn traced(&self) -> impl Iterator<Item = usize> {
        let states = self.states.iter().enumerate();
        states.filter(|(_, state)| state.load(Acquire) == DONE).map(|(segment, _)| segment)
    }
}
