//! The smallest collector: the program waits while it marks, and sweeps as it
//! allocates.

use crate::{Collector, CollectorKind, Demand, Heap, Model, Phase};

/// Marks everything in one step. No store ever takes the slow path of the barrier.
#[derive(Debug, Default)]
pub(crate) struct MarkSweep;

/// The least slack.
const SLACK: usize = 64 * 1024;

/// Allocation sweeps pages of the sizes that it needs. When the heap has grown by this
/// much nevertheless, the pages of other sizes are due.
fn slack<M: Model>(heap: &Heap<M>) -> usize {
    (heap.bytes() / 8).max(SLACK)
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
            heap.sweep_slice(2 * slack(heap));
        } else {
            heap.begin_marking(roots);
            heap.end_marking();
        }
        if heap.phase() == Phase::Sweeping {
            heap.set_threshold(heap.bytes() + slack(heap));
        }
    }

    fn step_bytes(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots, _: usize) -> bool {
        self.collect(heap, roots);
        true
    }
}
