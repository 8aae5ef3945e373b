//! Collectors: when a heap marks and sweeps.

mod concurrent;
mod generational;
mod incremental;
mod mark_sweep;
mod stress;

use crate::{Heap, Model};

use concurrent::Concurrent;
use generational::Generational;
use incremental::Incremental;
use mark_sweep::MarkSweep;
use stress::{NoCollector, Stress};

/// Decides how much of a cycle each safepoint does. Called once for a slice of
/// work, never for an object; what it needs to know between slices is in the
/// [`Heap`], so that it can take over in any phase.
///
/// A slice is made of [`Heap::begin_marking`], [`Heap::mark_slice`],
/// [`Heap::end_marking`], [`Heap::sweep_slice`], and ends with
/// [`Heap::set_threshold`].
///
/// # Safety
///
/// `collect` runs at least one cycle that began within the call to its end: the
/// VM relies on it when it decides what has died.
pub unsafe trait Collector<M: Model>: Send {
    /// Which collector this is.
    fn kind(&self) -> CollectorKind;

    /// Takes over; the heap may be in any phase.
    fn enter(&mut self, heap: &mut Heap<M>);

    /// Another collector takes over.
    fn leave(&mut self, heap: &mut Heap<M>) {
        let _ = heap;
    }

    /// One slice of work: the threshold has been reached.
    fn step(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots);

    /// A full cycle. One that marks already is given up, since it keeps what
    /// was reachable when it began.
    fn collect(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots) {
        heap.full_cycle(roots);
    }

    /// About `work` bytes of the work of a cycle, which begins if none runs; returns whether it has ended.
    /// The host asks for that while the program rests.
    fn idle(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots, work: usize) -> bool {
        heap.cycle_slice(roots, work)
    }

    /// What is due when `bytes` bytes have been allocated; 0 means one basic
    /// step. Returns whether that ended a cycle.
    fn step_bytes(&mut self, heap: &mut Heap<M>, roots: &mut M::Roots, bytes: usize) -> bool;
}

/// Makes a collector for a heap of any model: how a host names the one that a VM shall have.
///
/// [`CollectorKind`] is one; who brings a collector implements it for a type of their own.
pub trait BuildCollector {
    /// A new collector.
    fn build_collector<M: Model>(self) -> Box<dyn Collector<M>>;
}

impl BuildCollector for CollectorKind {
    fn build_collector<M: Model>(self) -> Box<dyn Collector<M>> {
        self.build()
    }
}

/// The collectors of this crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CollectorKind {
    /// Marks all at once, sweeps as the program allocates: stores cost least, pauses are longest.
    MarkSweep,
    /// Marks and sweeps in small steps.
    Incremental,
    /// Marks and sweeps on other threads while the program runs: the shortest pauses, at
    /// the price of more processor time.
    Concurrent,
    /// As `Concurrent`, one cycle after the other, with a look at it at every
    /// safepoint: for tests.
    StressConcurrent,
    /// Collects young objects often and all of them seldom, in small steps.
    Generational,
    /// A full collection at every safepoint, in a heap of more than 256 KB at some: for tests.
    Stress,
    /// Generational, with a collection of the young at every few safepoints: for tests.
    StressMinor,
    /// Never collects unless told to.
    None,
    /// One that the host brought.
    Other,
}

impl CollectorKind {
    /// A collector of this kind; [`Other`](CollectorKind::Other) gives the default,
    /// incremental.
    #[must_use]
    pub fn build<M: Model>(self) -> Box<dyn Collector<M>> {
        match self {
            CollectorKind::MarkSweep => Box::new(MarkSweep),
            CollectorKind::Incremental | CollectorKind::Other => Box::new(Incremental::default()),
            CollectorKind::Concurrent => Box::new(Concurrent::default()),
            CollectorKind::StressConcurrent => Box::new(Concurrent::eager()),
            CollectorKind::Generational => Box::new(Generational::default()),
            CollectorKind::StressMinor => Box::new(Generational::stress()),
            CollectorKind::Stress => Box::new(Stress::default()),
            CollectorKind::None => Box::new(NoCollector),
        }
    }
}

/// When a safepoint has work to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// When the heap has reached its threshold.
    AtThreshold,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The parameters of `collectgarbage` (§2.5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tuning {
    /// A cycle begins when the heap has this size in percent of what lived
    /// after the last one. Values below 100 count as 100.
    pub pause: usize,
    /// Speed of marking relative to allocation: at 100, 16 bytes for each.
    pub stepmul: usize,
    /// Binary logarithm of the bytes that are allocated between two steps.
    pub stepsize: usize,
    /// Generational: what is allocated between two minor collections, in percent of the heap, within
    /// bounds of its own.
    pub minor: usize,
    /// Generational: the growth of the heap after which a major cycle begins, in percent.
    pub major: usize,
}

impl Default for Tuning {
    fn default() -> Self {
        Tuning { pause: 200, stepmul: 100, stepsize: 13, minor: 30, major: 100 }
    }
}

impl<M: Model> Heap<M> {
    /// Sets the pause in percent; returns the old one.
    pub fn set_pause(&mut self, percent: usize) -> usize {
        std::mem::replace(&mut self.tuning.pause, percent)
    }

    /// Sets the step multiplier in percent; returns the old one.
    pub fn set_stepmul(&mut self, percent: usize) -> usize {
        std::mem::replace(&mut self.tuning.stepmul, percent)
    }

    /// Sets the step size, a binary logarithm of bytes; returns the old one.
    pub fn set_stepsize(&mut self, log: usize) -> usize {
        std::mem::replace(&mut self.tuning.stepsize, log)
    }

    /// Sets the growth before minor and major collections, in percent.
    pub fn set_generational(&mut self, minor: usize, major: usize) {
        self.tuning.minor = minor;
        self.tuning.major = major;
    }

    /// The parameters as they are.
    #[must_use]
    pub fn tuning(&self) -> Tuning {
        self.tuning
    }

    /// The size in bytes at which the next cycle should begin, as the last one found.
    #[must_use]
    pub fn begin_at(&self) -> usize {
        self.begin_at
    }

    /// Whether [`Heap::begin_ages`] will be called when a cycle has ended: then the next
    /// safepoint has work to do. For collectors, in [`Collector::enter`] and [`Collector::leave`].
    pub fn want_ages(&mut self, wanted: bool) {
        self.wants_ages = wanted;
    }

    /// A full cycle at once. One that marks already is given up, since it keeps what was
    /// reachable when it began; one that sweeps is ended first. Empty pages go back to their source.
    pub fn full_cycle(&mut self, roots: &mut M::Roots) {
        self.mark_anew(roots);
        self.finish_sweep();
        self.release_empty_pages();
    }

    /// Sets how thresholds are meant. For collectors, in [`Collector::enter`].
    pub fn set_demand(&mut self, demand: Demand) {
        self.demand = demand;
        self.apply_demand();
    }

    /// Returns empty pages, and what the model keeps for later, to their source, and lets that go on to the system.
    pub fn release_empty_pages(&mut self) {
        self.trim_model();
        self.trim_raw();
        self.release_spare(0);
        self.pages.trim();
    }
}
