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
#[cfg_attr(miri, ignore = "does on purpose what Miri reports")]
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
#[cfg_attr(miri, ignore = "does on purpose what Miri reports")]
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

#[test]
fn a_full_collection_at_any_moment_of_a_cycle_leaves_only_what_lives() {
    let length = if cfg!(miri) { 20 } else { 500 };
    for steps in 0..if cfg!(miri) { 4 } else { 40 } {
        let mut vm = Vm::new(CollectorKind::StressConcurrent.build());
        let list = vm.object(TABLE, length);
        vm.roots[0] = Some(list);
        for index in 0..length as usize {
            let object = vm.object(TABLE, 1);
            vm.store(list, index, (Some(object), None));
        }
        // The cycle that runs keeps what goes now.
        (0..steps).for_each(|_| vm.step());
        for index in (0..length as usize).step_by(2) {
            vm.store(list, index, (None, None));
        }
        vm.collect();
        assert_eq!(vm.heap.phase(), Phase::Idle);
        let mut living: Vec<_> = pairs(list).iter().filter_map(|pair| pair.0).map(id).chain([id(list)]).collect();
        living.sort_unstable();
        assert_eq!(vm.ids(), living, "after {steps} steps");
    }
}

#[test]
fn a_heap_that_is_dropped_while_it_marks_leaves_workers_nothing_to_trace() {
    let mut vm = Vm::new(apart(false, 1));
    let list = vm.object(TABLE, 500);
    vm.roots[0] = Some(list);
    for index in 0..500 {
        let object = vm.object(TABLE, 1);
        vm.store(list, index, (Some(object), None));
    }
    vm.heap.begin_marking_apart(&mut vm.roots);
    assert!(!vm.heap.is_marked_apart(1), "what the roots refer to waits for workers");
    let shared = vm.heap.share();
    drop(vm);
    assert!(shared.lock().is_done());
}

#[test]
fn blocks_that_huge_objects_replace_while_they_are_marked_go_with_the_heap() {
    for is_shared in [false, true] {
        let pages = CountingPages::new();
        let counts = pages.counts();
        let mut vm = Vm::with_pages(CollectorKind::None.build(), Box::new(pages));
        // Blocks of this size come from the source of pages each.
        let table = vm.object(TABLE, 1000);
        vm.roots[0] = Some(table);
        if is_shared {
            vm.heap.begin_marking_apart(&mut vm.roots);
            assert!(!vm.heap.is_marked_apart(1));
        } else {
            vm.heap.begin_marking(&mut vm.roots);
            assert!(!vm.heap.mark_slice(1));
        }
        let before = counts.blocks();
        vm.resize(table, 500);
        assert_eq!(counts.blocks(), before + 1, "the old block is kept for marking");
        drop(vm);
        assert_eq!((counts.blocks(), counts.bytes()), (0, 0));
    }
}

#[test]
fn a_limit_is_kept_and_pages_that_workers_hold_are_waited_for() {
    let mut vm = Vm::new(apart(true, 1));
    vm.heap.set_limit(400_000);
    let mut refused = 0;
    for index in 0..if cfg!(miri) { 500 } else { 60_000 } {
        let mut object = vm.try_object(TABLE, index % 50, 0);
        if object.is_none() {
            refused += 1;
            vm.collect();
            object = vm.try_object(TABLE, index % 50, 0);
        }
        vm.roots[index as usize % 8] = Some(object.expect("a collection frees enough"));
        assert!(vm.heap.bytes() <= 400_000);
        // Seldom enough for the limit to be reached.
        if index % 400 == 0 {
            vm.step();
        }
    }
    assert!(cfg!(miri) || refused > 3, "{refused}");
}

/// One test, since it changes what all tests of the process share.
#[test]
#[cfg_attr(miri, ignore = "forks")]
fn heaps_do_without_the_pool_when_it_is_shut_down_or_the_process_forks() {
    let begun = |seed| {
        let mut run = Run::new(Vm::new(apart(true, 2)), seed);
        (0..777).for_each(|_| run.operation().unwrap());
        run
    };
    #[cfg(unix)]
    for seed in 1..=20 {
        assert_eq!(in_a_child(begun(seed)), 0, "seed {seed}");
    }
    let mut run = begun(1);
    crate::shut_down_pool();
    assert_eq!(crate::pool_policy().threads, 0);
    run.run(1000).unwrap();
    begun(2).run(1000).unwrap();
    crate::set_pool_policy(crate::PoolPolicy::default());
    run.run(1000).unwrap();
    begun(3).run(1000).unwrap();
}

/// Forks, and goes on in the child alone; its exit status.
#[cfg(unix)]
fn in_a_child(mut run: Run) -> i32 {
    unsafe extern "C" {
        fn fork() -> i32;
        fn waitpid(process: i32, status: *mut i32, options: i32) -> i32;
        fn _exit(status: i32) -> !;
        fn alarm(seconds: u32) -> u32;
    }
    // SAFETY: the child uses nothing that other threads of this process may have locked: the heap is its own.
    unsafe {
        let child = fork();
        if child == 0 {
            alarm(60);
            let went_well = run.run(1000).is_ok();
            drop(run);
            _exit(!went_well as i32);
        }
        let mut status = -1;
        waitpid(child, &raw mut status, 0);
        // The parent's heap is as usable as before.
        run.run(500).unwrap();
        status
    }
}
