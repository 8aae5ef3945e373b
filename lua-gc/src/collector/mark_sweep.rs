//! The smallest collector: the program waits while it marks, and sweeps as it
//! allocates.

use crate::{Collector, CollectorKind, Demand, Heap, Model, Phase};

/// Marks everything in one step. No store ever takes the slow path of the barrier.
#[derive(Debug, Default)]
pub(crate) struct MarkSweep;

/// The least that is allocated between two steps of a sweep.
const STEP: usize = 16 * 1024;
/// Bytes of pages that a step sweeps for each byte allocated.
const RATE: usize = 2;

/// Bytes that are allocated between two steps of a sweep. Allocation sweeps pages of the sizes that it needs, steps also the
/// others, so that the sweep ends while there is room for new garbage below the goal.
fn step_size<M: Model>(heap: &Heap<M>) -> usize {
    (heap.bytes() / 32).max(STEP)
}

// SAFETY: the default `collect` is kept.
unsafe impl<M: Model> Collector<M> for MarkSweep {
    fn kind(&self) -> CollectorKind {
        CollectorKind::MarkSweep
    }

    fn enter(&mut self, heap: &mut Heap<M>) {
        heap.set_demand(Demand::AtThreshold);
    }

    fn step(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots) {
        if heap.phase() == Phase::Sweeping {
            heap.sweep_slice(RATE * step_size(heap));
        } else {
            heap.begin_marking(roots);
            heap.end_marking();
        }
        if heap.phase() == Phase::Sweeping {
            heap.set_pace(step_size(heap));
        }
    }

    fn step_bytes(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots, _: usize) -> bool {
        self.collect(heap, roots);
        true
    }
}
