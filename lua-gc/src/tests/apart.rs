//! The concurrent collector: random programs while other threads mark and sweep, and what may happen to a heap meanwhile.

use super::random::{Run, SEEDS, operations};
use super::toy::*;
use crate::concurrent::pool;
use crate::{Collector, CollectorKind, CountingPages, Demand, Heap, Phase};

/// Shares every cycle, however small the heap is. Without threads this thread does the work of a
/// worker, some bytes at each safepoint.
pub(crate) struct Apart {
    pub(crate) threads: bool,
    /// Safepoints between two looks at what workers have done.
    pub(crate) every: usize,
    pub(crate) count: usize,
}

// SAFETY: the default `collect` is kept.
unsafe impl Collector<ToyModel> for Apart {
    fn kind(&self) -> CollectorKind {
        CollectorKind::Other
    }

    fn enter(&mut self, heap: &mut Heap<ToyModel>) {
        heap.set_demand(Demand::Always);
    }

    fn leave(&mut self, heap: &mut Heap<ToyModel>) {
        heap.work_alone();
    }

    fn step(&mut self, heap: &mut Heap<ToyModel>, roots: &mut Vec<Option<Object>>) {
        self.count += 1;
        if !self.count.is_multiple_of(self.every) {
            return;
        }
        let shared = heap.share();
        match heap.phase() {
            Phase::Idle => heap.begin_marking_apart(roots),
            Phase::Marking if heap.marking.shared.is_none() || heap.is_marked_apart(1) => {
                heap.end_marking();
                if heap.phase() == Phase::Sweeping {
                    heap.sweep_apart(&shared);
                }
            }
            Phase::Marking => {}
            Phase::Sweeping => {
                heap.take_swept(1);
                heap.sweep_here(1);
            }
        }
        if !self.threads {
            shared.work(self.count % 200);
        } else if !pool::submit(&shared) {
            shared.work(64);
        }
    }

    fn step_bytes(&mut self, heap: &mut Heap<ToyModel>, roots: &mut Vec<Option<Object>>, _: usize) -> bool {
        self.step(heap, roots);
        heap.phase() == Phase::Idle
    }
}

pub(crate) fn apart(threads: bool, every: usize) -> Box<dyn Collector<ToyModel>> {
    Box::new(Apart { threads, every, count: 0 })
}

fn check(threads: bool, every: usize, seeds: u64) {
    for seed in 1..=seeds {
        let pages = CountingPages::new();
        let counts = pages.counts();
        let mut run = Run::new(Vm::with_pages(apart(threads, every), Box::new(pages)), seed);
        if let Err(error) = run.run(operations()) {
            panic!("seed {seed}: {error}");
        }
        drop(run);
        assert_eq!((counts.blocks(), counts.bytes()), (0, 0), "seed {seed}: memory leaked");
    }
}

#[test]
fn a_worker_in_turn_with_the_program() {
    for every in [1, 3, 10] {
        check(false, every, SEEDS);
    }
}

#[test]
fn workers_beside_the_program() {
    for every in [1, 5, 40] {
        check(true, every, SEEDS);
    }
}

#[test]
fn without_the_barrier_objects_are_lost() {
    let mut lost = 0;
    for seed in 1..=20 {
        let mut run = Run::new(Vm::new(apart(false, 1)), seed);
        run.vm.omit_barrier = true;
        lost += run.run(operations()).is_err() as usize;
    }
    assert!(lost >= 10, "only {lost} of 20 runs noticed");
}

#[test]
fn without_revival_strings_are_lost() {
    let mut lost = 0;
    for seed in 1..=20 {
        let mut run = Run::new(Vm::new(apart(false, 1)), seed);
        run.vm.omit_revival = true;
        lost += run.run(operations()).is_err() as usize;
    }
    assert!(lost >= 10, "only {lost} of 20 runs noticed");
}

#[test]
fn a_small_stack_only_costs_time() {
    for seed in 1..=SEEDS {
        let mut run = Run::new(Vm::new(apart(false, 5)), seed);
        run.vm.heap.marking.stack_limit = (seed % 4) as usize;
        run.run(operations() / 3).unwrap();
    }
}

#[test]
fn dropping_the_heap_in_any_phase_frees_everything() {
    for threads in [false, true] {
        for operations in 0..if cfg!(miri) { 20 } else { 300 } {
            let pages = CountingPages::new();
            let counts = pages.counts();
            let mut run = Run::new(Vm::with_pages(apart(threads, 2), Box::new(pages)), 7);
            for _ in 0..operations {
                run.operation().unwrap();
            }
            drop(run);
            assert_eq!((counts.blocks(), counts.bytes()), (0, 0));
        }
    }
}
