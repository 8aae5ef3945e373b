//! A collector that looks at young objects often and at all objects seldom.

use super::incremental::Incremental;
use super::stress::Draws;
use crate::{Collector, CollectorKind, Demand, Heap, Model, Phase};

/// Minor collections each time that a nursery of new objects is full; when the heap has grown enough
/// nevertheless, a major cycle in small steps, as the incremental collector does it.
///
/// During a major cycle there are no minor ones, and what survives or is born in it is old
/// when it ends.
#[derive(Debug, Default)]
pub(crate) struct Generational {
    /// Works in steps during major cycles.
    major: Incremental,
    /// For tests: a collection of the young at every few safepoints, so that some objects are young and
    /// others old whatever the program does. Which ones is drawn from this.
    stress: Option<Draws>,
}

/// The least and the most that is allocated between two minor collections, in bytes. The larger it is, the
/// more has died; the longer takes tracing what has not.
const NURSERY: std::ops::RangeInclusive<usize> = 64 * 1024..=2 * 1024 * 1024;

impl Generational {
    /// One for tests, which collects very often.
    pub(crate) fn stress() -> Self {
        Generational { stress: Some(Draws::default()), ..Self::default() }
    }

    /// Whether a safepoint of a test is to pass.
    fn passes(&mut self) -> bool {
        self.stress.as_mut().is_some_and(|draws| !draws.one_in(4))
    }

    fn nursery<M: Model>(heap: &Heap<M>) -> usize {
        let bytes = heap.bytes() / 100 * heap.tuning().minor.max(1);
        bytes.clamp(*NURSERY.start(), *NURSERY.end())
    }

    /// A minor collection, and the beginning of a major cycle if that is due.
    fn minor<M: Model>(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots) {
        heap.minor(roots);
        if heap.bytes() >= heap.begin_at() {
            heap.begin_marking(roots);
            self.major.restart(heap);
            if heap.should_mark_at_once() {
                heap.end_marking();
            }
        } else {
            Self::rest(heap);
        }
    }

    /// Between cycles: the next minor collection is due when the nursery is full.
    fn rest<M: Model>(heap: &mut Heap<M>) {
        heap.begin_ages();
        heap.set_threshold(heap.bytes() + Self::nursery(heap));
    }
}

// SAFETY: `collect` is a full cycle.
unsafe impl<M: Model> Collector<M> for Generational {
    fn kind(&self) -> CollectorKind {
        if self.stress.is_some() { CollectorKind::StressMinor } else { CollectorKind::Generational }
    }

    fn enter(&mut self, heap: &mut Heap<M>) {
        heap.want_ages(true);
        heap.set_demand(if self.stress.is_some() { Demand::Always } else { Demand::AtThreshold });
        self.major.restart(heap);
    }

    fn leave(&mut self, heap: &mut Heap<M>) {
        heap.want_ages(false);
        heap.end_ages();
    }

    fn step(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots) {
        if self.passes() {
            return;
        }
        if heap.has_ages() {
            self.minor(heap, roots);
        } else if heap.phase() != Phase::Idle {
            self.major.step(heap, roots);
        }
        if heap.phase() == Phase::Idle {
            Self::rest(heap);
        }
    }

    fn collect(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots) {
        heap.full_cycle(roots);
        Self::rest(heap);
    }

    fn idle(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots, work: usize) -> bool {
        let ended = heap.cycle_slice(roots, work);
        if ended {
            Self::rest(heap);
        }
        ended
    }

    fn step_bytes(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots, bytes: usize) -> bool {
        if heap.phase() != Phase::Idle {
            return self.major.step_bytes(heap, roots, bytes);
        }
        heap.begin_ages();
        self.minor(heap, roots);
        true
    }
}
