//! Collectors for tests: as often as possible, and never.

use crate::{Collector, CollectorKind, Demand, Heap, Model};

/// Runs a full collection at every safepoint, so that whatever the VM forgot to
/// root dies at once. Of a heap larger than [`WHOLE`], that would cost the square: there
/// it lets safepoints pass, so many that each costs as much as one of a heap of that size.
#[derive(Debug, Default)]
pub(crate) struct Stress {
    draws: Draws,
}

/// Bytes of a heap that is collected at every safepoint: many times what a VM and its library take.
const WHOLE: usize = 256 * 1024;

/// Numbers that look random, for tests that choose safepoints: no loop of a program keeps step with them.
#[derive(Debug)]
pub(crate) struct Draws(u32);

impl Default for Draws {
    fn default() -> Self {
        Draws(0x9E37_79B9)
    }
}

impl Draws {
    /// Whether one of `n` comes up, which is so once in `n` times.
    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        // xorshift32
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        (self.0 as usize).is_multiple_of(n)
    }
}

// SAFETY: the default `collect` is kept.
unsafe impl<M: Model> Collector<M> for Stress {
    fn kind(&self) -> CollectorKind {
        CollectorKind::Stress
    }

    fn enter(&mut self, heap: &mut Heap<M>) {
        heap.set_demand(Demand::Always);
    }

    fn step(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots) {
        if self.draws.one_in(1 + heap.bytes() / WHOLE) {
            self.collect(heap, roots);
        }
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
