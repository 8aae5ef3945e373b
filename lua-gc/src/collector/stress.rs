//! Collectors for tests: as often as possible, and never.

use crate::{Collector, CollectorKind, Demand, Heap, Model};

/// Runs a full collection at every safepoint, so that whatever the VM forgot to
/// root dies at once.
#[derive(Debug, Default)]
pub(crate) struct Stress;

// SAFETY: the default `collect` is kept.
unsafe impl<M: Model> Collector<M> for Stress {
    fn kind(&self) -> CollectorKind {
        CollectorKind::Stress
    }

    fn enter(&mut self, heap: &mut Heap<M>) {
        heap.set_demand(Demand::Always);
    }

    fn step(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots) {
        self.collect(heap, roots);
    }

    fn step_bytes(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots, _: usize) -> bool {
        self.collect(heap, roots);
        true
    }
}

/// Collects only when it is told to.
#[derive(Debug, Default)]
pub(crate) struct NoCollector;

// SAFETY: the default `collect` is kept.
unsafe impl<M: Model> Collector<M> for NoCollector {
    fn kind(&self) -> CollectorKind {
        CollectorKind::None
    }

    fn enter(&mut self, heap: &mut Heap<M>) {
        heap.set_demand(Demand::Never);
    }

    fn step(&mut self, _: &mut Heap<M>, _: &mut M::Roots) {}

    fn step_bytes(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots, _: usize) -> bool {
        self.collect(heap, roots);
        true
    }
}
