//! A collector that works in small steps between which the program runs.

use crate::{Collector, CollectorKind, Demand, Heap, Model, Phase};

/// Marks and sweeps a few bytes for each byte that is allocated.
///
/// The roots are marked in one step; all other steps are bounded, unless
/// [`Heap::should_mark_at_once`], or the program keeps adding to weak tables while ephemerons are looked at (`ending.rs`).
#[derive(Debug, Default)]
pub(crate) struct Incremental {
    /// Bytes of the heap when the last step ended.
    last: usize,
    /// Work that the last step left undone.
    debt: usize,
}

/// Bytes of marking for each byte allocated, at a step multiplier of 100.
const MARK_RATE: usize = 16;
/// A step does at most this many times the work of a basic step; the
/// next safepoint goes on.
const BURST: usize = 16;

impl Incremental {
    /// A cycle is beginning, or this collector takes over: the next safepoint has work to do.
    pub(crate) fn restart<M: Model>(&mut self, heap: &mut Heap<M>) {
        self.last = heap.bytes();
        self.debt = 0;
        heap.set_threshold(heap.bytes());
    }

    fn step_size<M: Model>(heap: &Heap<M>) -> usize {
        1 << heap.tuning().stepsize.clamp(10, 40)
    }

    /// The work that allocating `bytes` bytes asks for.
    fn work_for<M: Model>(heap: &Heap<M>, bytes: usize) -> usize {
        let percent = heap.tuning().stepmul.max(25);
        (bytes.saturating_mul(MARK_RATE) / 100).saturating_mul(percent)
    }
}

// SAFETY: the default `collect` is kept.
unsafe impl<M: Model> Collector<M> for Incremental {
    fn kind(&self) -> CollectorKind {
        CollectorKind::Incremental
    }

    fn enter(&mut self, heap: &mut Heap<M>) {
        heap.set_demand(Demand::AtThreshold);
        if heap.phase() == Phase::Idle {
            heap.set_threshold(heap.begin_at());
        } else {
            self.restart(heap);
        }
    }

    fn step(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots) {
        let basic = Self::step_size(heap);
        let allocated = heap.bytes().saturating_sub(self.last).max(basic);
        let most = Self::work_for(heap, basic).saturating_mul(BURST);
        self.debt = match heap.phase() {
            Phase::Idle => 0,
            _ => self.debt.saturating_add(Self::work_for(heap, allocated)),
        };
        let work = self.debt.min(most);
        self.debt -= work;
        let ended = heap.cycle_slice(roots, work);
        self.last = heap.bytes();
        if !ended && heap.phase() != Phase::Idle {
            heap.set_pace(if self.debt > 0 { basic / 8 } else { basic });
        }
    }

    fn step_bytes(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots, bytes: usize) -> bool {
        let mut left = bytes.max(Self::step_size(heap));
        let basic = Self::step_size(heap);
        let mut ended = false;
        while left > 0 && !ended {
            let bytes = left.min(basic);
            left -= bytes;
            let work = Self::work_for(heap, bytes);
            ended = heap.cycle_slice(roots, work);
        }
        self.last = heap.bytes();
        if !ended {
            heap.set_pace(basic);
        }
        ended
    }
}
