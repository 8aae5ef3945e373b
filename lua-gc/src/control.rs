//! What the VM and its host tell a heap: limits, when to collect, by which collector.

use crate::{Collector, CollectorKind, Demand, Heap, Model};

impl<M: Model> Heap<M> {
    /// Refuses whatever would bring [`bytes`](Heap::bytes) above `limit`.
    pub fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
        self.set_ceiling();
    }

    /// The limit in bytes; `usize::MAX` if there is none.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Refuses the `n`-th request from now (objects, raw blocks and charges
    /// alike), once; 0 refuses none. For tests of what the VM does then.
    pub fn refuse_charge_after(&mut self, n: usize) {
        self.refuse_charges(n, 1);
    }

    /// As [`Heap::refuse_charge_after`], and the requests after it, `count` in all: a
    /// VM that collects and asks again is refused again.
    pub fn refuse_charges(&mut self, n: usize, count: usize) {
        self.refuse_charge = n;
        self.refuse_more = count.saturating_sub(1);
        self.set_ceiling();
    }

    /// How many requests may still be made up to the one that is refused, that one included; 0 if
    /// none is going to be.
    #[must_use]
    pub fn charges_to_refusal(&self) -> usize {
        self.refuse_charge
    }

    /// From now on, objects with one of these marks are not written as they are.
    #[inline]
    pub(crate) fn set_barrier_mask(&mut self, mask: u8) {
        #[cfg(feature = "sabotage")]
        let mask = if self.omitted.barrier { 0 } else { mask };
        self.barrier_mask = mask;
    }

    pub(crate) fn set_ceiling(&mut self) {
        self.ceiling = if self.refuse_charge > 0 { 0 } else { self.limit };
    }

    /// Stops automatic cycles: [`wants_step`](Heap::wants_step) is false until
    /// [`restart`](Heap::restart).
    pub fn stop(&mut self) {
        self.running = false;
        self.apply_demand();
    }

    /// Lets automatic cycles go on, beginning at the next safepoint.
    pub fn restart(&mut self) {
        self.running = true;
        self.set_threshold(self.bytes);
    }

    /// Lets automatic cycles go on as if they had not been stopped.
    pub fn resume(&mut self) {
        self.running = true;
        self.apply_demand();
    }

    /// Whether automatic cycles are not stopped.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.running
    }

    /// Lets [`wants_step`](Heap::wants_step) be true from `bytes` bytes on, if the
    /// heap is running and its collector asks for work by size. For collectors.
    pub fn set_threshold(&mut self, bytes: usize) {
        self.paced = false;
        self.next_step = bytes;
        self.apply_demand();
    }

    /// Sets the threshold as the collector asked for it, if it may run.
    pub(crate) fn apply_demand(&mut self) {
        self.threshold = match self.demand {
            _ if !self.running => usize::MAX,
            Demand::AtThreshold => self.next_step,
            Demand::Always => 0,
            Demand::Never => usize::MAX,
        };
    }

    /// As [`set_threshold`](Heap::set_threshold), when `bytes` more bytes have been allocated: what allocation itself sweeps until
    /// then does not put it off. Otherwise a sweep beside a program that uses again all that is swept would
    /// not end before all of it is in use. For collectors.
    pub fn set_pace(&mut self, bytes: usize) {
        self.set_threshold(self.bytes + bytes);
        self.paced = true;
    }

    /// Allocation has swept so many bytes.
    pub(crate) fn keep_pace(&mut self, freed: usize) {
        if self.paced {
            self.next_step = self.next_step.saturating_sub(freed);
            self.apply_demand();
        }
    }

    /// One slice of work; what that is, the collector decides.
    pub fn step(&mut self, roots: &mut M::Roots) {
        self.with_collector(|collector, heap| collector.step(heap, roots));
    }

    /// One full cycle: everything that is unreachable now is freed, or waits
    /// for its finalizer.
    pub fn collect(&mut self, roots: &mut M::Roots) {
        self.with_collector(|collector, heap| collector.collect(heap, roots));
    }

    /// Does what is due when `kilobytes` KB have been allocated; 0 asks for one
    /// basic step. Returns whether that ended a cycle (§6.1, `collectgarbage("step")`).
    pub fn step_bytes(&mut self, roots: &mut M::Roots, kilobytes: usize) -> bool {
        let mut ended = false;
        self.with_collector(|collector, heap| {
            ended = collector.step_bytes(heap, roots, kilobytes.saturating_mul(1024));
        });
        ended
    }

    pub(crate) fn with_collector(&mut self, call: impl FnOnce(&mut dyn Collector<M>, &mut Self)) {
        if let Some(mut collector) = self.collector.take() {
            let piece = self.meter.begin();
            call(&mut *collector, self);
            self.meter.end(piece);
            self.collector = Some(collector);
        }
    }

    /// Replaces the collector. The new one goes on with the cycle that runs.
    pub fn set_collector(&mut self, mut collector: Box<dyn Collector<M>>) {
        self.with_collector(|old, heap| old.leave(heap));
        collector.enter(self);
        self.collector = Some(collector);
    }

    /// Which collector is at work.
    #[must_use]
    pub fn collector_kind(&self) -> CollectorKind {
        self.collector.as_ref().map_or(CollectorKind::None, |collector| collector.kind())
    }

    /// Minor collections.
    #[must_use]
    pub fn minors(&self) -> u64 {
        self.minors
    }

    /// Full cycles whose marking has ended.
    #[must_use]
    pub fn cycles(&self) -> u64 {
        self.cycles
    }
}
