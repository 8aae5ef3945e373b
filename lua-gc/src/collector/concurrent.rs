//! A collector whose marking and sweeping other threads do.

use crate::concurrent::TAKE_BACK;
use crate::concurrent::pool;
use crate::{Collector, CollectorKind, Demand, Heap, Model, Phase};

/// Marks the roots, and leaves the rest to the pool as far as that is fast enough.
///
/// A cycle begins before the heap has reached its goal: as much earlier as the program allocated
/// while the last cycle marked. Beyond the goal the program helps, far beyond it goes on alone. In a full collection
/// it marks alone, since that takes less time of the processors, and sweeps along with the pool.
#[derive(Debug, Default)]
pub(crate) struct Concurrent {
    /// For tests: works at every safepoint, and begins a cycle when none runs.
    eager: bool,
    /// Bytes of the heap when the cycle began.
    began: usize,
}

/// Bytes that are allocated between two steps while a cycle runs.
const STEP: usize = 8 * 1024;
/// Bytes of work that the program does in a step if it must help.
const HELP: usize = 8 * STEP;
/// Bytes of pages that it sweeps in a step.
const SWEEP: usize = 4 * STEP;
/// Smaller heaps are marked at once: that is done sooner than another thread wakes up.
const SMALL: usize = 64 * 1024;
/// Smaller heaps are swept by the program alone in a full collection.
const TOGETHER: usize = 32 * 1024 * 1024;

impl Concurrent {
    /// As often as possible.
    pub(crate) fn eager() -> Self {
        Concurrent { eager: true, ..Self::default() }
    }

    /// Asks the pool to help; if it does not, or the program has outrun it, the program does some of the work.
    fn go_on<M: Model>(heap: &mut Heap<M>) {
        let shared = heap.share();
        if !pool::submit(&shared) || heap.bytes() > heap.goal {
            shared.work(HELP);
        }
    }

    fn begin<M: Model>(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots) {
        self.began = heap.bytes();
        if heap.bytes() < SMALL && !self.eager || heap.should_mark_at_once() {
            heap.begin_marking(roots);
            heap.end_marking();
        } else {
            heap.begin_marking_apart(roots);
            pool::submit(&heap.share());
        }
    }

    /// Whether the program has outrun the pool so far that it no longer relies on it: it takes back what threads have in hand,
    /// which may wait for a processor, and goes on alone.
    fn is_overdue<M: Model>(heap: &Heap<M>) -> bool {
        heap.bytes() > heap.goal + heap.goal / 4 && heap.bytes() > SMALL
    }

    /// One step of marking: ends it, or helps if it is late.
    fn mark<M: Model>(&mut self, heap: &mut Heap<M>) {
        if Self::is_overdue(heap) {
            heap.end_marking_apart();
        }
        if heap.marking.shared.is_none() {
            // Workers have marked what they could, or another collector began this cycle.
            if heap.mark_slice(HELP) {
                self.end(heap);
            }
            return;
        }
        if heap.is_marked_apart(HELP) {
            // The end of marking is for this thread alone, in slices.
            heap.end_marking_apart();
        } else {
            Self::go_on(heap);
        }
    }

    fn end<M: Model>(&mut self, heap: &mut Heap<M>) {
        heap.end_marking();
        let grown = heap.bytes().saturating_sub(self.began);
        heap.lead = grown + grown / 4;
        if heap.phase() == Phase::Sweeping {
            let shared = heap.share();
            heap.sweep_apart(&shared);
            pool::submit(&shared);
        }
    }

    fn sweep<M: Model>(heap: &mut Heap<M>) {
        let overdue = Self::is_overdue(heap);
        if overdue {
            heap.end_sweep_apart();
        } else if !heap.take_swept(TAKE_BACK) {
            Self::go_on(heap);
        }
        heap.sweep_here(if overdue { HELP } else { SWEEP });
    }
}

// SAFETY: `collect` begins a cycle and ends it.
unsafe impl<M: Model> Collector<M> for Concurrent {
    fn kind(&self) -> CollectorKind {
        if self.eager { CollectorKind::StressConcurrent } else { CollectorKind::Concurrent }
    }

    fn enter(&mut self, heap: &mut Heap<M>) {
        heap.set_demand(if self.eager { Demand::Always } else { Demand::AtThreshold });
        if heap.phase() != Phase::Idle {
            heap.set_threshold(heap.bytes());
        }
    }

    fn leave(&mut self, heap: &mut Heap<M>) {
        heap.work_alone();
        heap.lead = 0;
    }

    fn collect(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots) {
        heap.mark_anew(roots);
        if heap.phase() == Phase::Sweeping && (heap.bytes() >= TOGETHER || self.eager) {
            let shared = heap.share();
            heap.sweep_apart(&shared);
            pool::submit(&shared);
            shared.work(usize::MAX);
        }
        heap.finish_sweep();
        heap.release_empty_pages();
    }

    fn step(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots) {
        match heap.phase() {
            Phase::Idle => self.begin(heap, roots),
            Phase::Marking => self.mark(heap),
            Phase::Sweeping => Self::sweep(heap),
        }
        if heap.phase() != Phase::Idle {
            heap.set_pace(STEP);
        }
    }

    /// Works alone, since the caller waits.
    fn step_bytes(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots, bytes: usize) -> bool {
        heap.work_alone();
        let mut left = bytes.max(STEP);
        while left > 0 {
            left = left.saturating_sub(STEP);
            match heap.phase() {
                Phase::Idle => heap.begin_marking(roots),
                Phase::Marking if heap.mark_slice(HELP) => heap.end_marking(),
                Phase::Marking => {}
                Phase::Sweeping => {
                    heap.sweep_slice(SWEEP);
                }
            }
            if heap.phase() == Phase::Idle {
                return true;
            }
        }
        heap.set_pace(STEP);
        false
    }
}
