//! Allocation, sweeping, pages, pacing.

use std::sync::Arc;

use super::random::Random;
use super::toy::*;
use crate::{CollectorKind, CountingPages, Header, PageCounts, Phase, SHARED};

fn counted(kind: CollectorKind) -> (Vm, Arc<PageCounts>) {
    let pages = CountingPages::new();
    let counts = pages.counts();
    (Vm::with_pages(kind.build(), Box::new(pages)), counts)
}

#[test]
fn objects_and_blocks_are_aligned_and_counted() {
    let mut vm = Vm::new(CollectorKind::None.build());
    let mut blocks = Vec::new();
    for size in (0..600).chain([1000, 4096, 4097, 100_000]) {
        let before = vm.heap.bytes();
        let block = vm.heap.alloc_raw(size).unwrap();
        assert_eq!(block.addr().get() % 16, 0);
        // SAFETY: the block has `size` bytes.
        unsafe { block.write_bytes(0xAA, size) };
        let charged = vm.heap.bytes() - before;
        assert_eq!(charged, crate::Heap::<ToyModel>::usable_size(size));
        assert!(charged >= size && charged <= size.max(16) + size / 4 + 15);
        blocks.push((block, size));
    }
    for (block, size) in blocks {
        // SAFETY: allocated above with this size.
        unsafe { vm.heap.free_raw(block, size) };
    }
    assert_eq!(vm.heap.bytes(), 0);
}

#[test]
fn a_bare_heap_is_small() {
    let (mut vm, counts) = counted(CollectorKind::Incremental);
    assert_eq!(counts.bytes(), 0);
    for length in 0..8 {
        let object = vm.object(TABLE, length);
        vm.roots[length as usize] = Some(object);
    }
    assert_eq!((counts.blocks(), counts.bytes()), (1, 6144));
    assert!(size_of_val(&vm.heap) < 6 * 1024);
}

#[test]
fn a_sweep_ends_although_the_program_uses_again_what_is_swept() {
    let mut vm = Vm::new(CollectorKind::Incremental.build());
    vm.heap.stop();
    for _ in 0..if cfg!(miri) { 3_000 } else { 20_000 } {
        vm.object(TABLE, 2);
    }
    let garbage = vm.heap.bytes();
    vm.heap.restart();
    let mut allocated = 0;
    let mut was_sweeping = false;
    while !was_sweeping || vm.heap.phase() == Phase::Sweeping {
        was_sweeping |= vm.heap.phase() == Phase::Sweeping;
        vm.object(TABLE, 2);
        allocated += 64;
        if vm.heap.wants_step() {
            vm.step();
        }
    }
    assert!(allocated < garbage / 8, "{allocated} bytes beside a sweep of {garbage}");
}

#[test]
fn a_heap_in_which_as_much_dies_as_is_born_does_not_grow() {
    let (live, replaced) = if cfg!(miri) { (100, 800) } else { (5_000, 500_000) };
    for kind in [CollectorKind::MarkSweep, CollectorKind::Incremental, CollectorKind::Generational, CollectorKind::Concurrent] {
        let mut vm = Vm::new(kind.build());
        let list = vm.object(TABLE, live);
        vm.roots[0] = Some(list);
        // Objects of a size that the program does not ask for again: no allocation sweeps their pages.
        let others = vm.object(TABLE, 40);
        vm.roots[1] = Some(others);
        for index in 0..40 {
            let other = vm.try_object(TABLE, 0, 1_000).unwrap();
            vm.store(others, index, (Some(other), None));
        }
        let mut random = Random(1);
        let mut peak = 0;
        for turn in 0..live as usize + replaced {
            let at = if turn < live as usize { turn } else { random.below(live as usize) };
            // What dies has another size than what is born next, now and then.
            let object = vm.object(TABLE, 2 + turn as u32 % 3);
            vm.store(list, at, (Some(object), None));
            if vm.heap.wants_step() {
                vm.step();
                // As around a finalizer: that does not change when the next step is due.
                vm.heap.stop();
                vm.heap.resume();
            }
            peak = peak.max(vm.heap.bytes());
        }
        assert!(vm.heap.cycles() > 10 || cfg!(miri), "{kind:?}: {}", vm.heap.cycles());
        vm.collect();
        vm.collect();
        let live = vm.heap.bytes();
        // Other threads may come late: then the program goes on without them.
        let most = if kind == CollectorKind::Concurrent { live * 3 } else { live * 11 / 5 };
        // In a heap as small as Miri can do with, what is spared for little is more than what lives.
        let most = if cfg!(miri) { most + 64 * 1024 } else { most };
        assert!(peak < most, "{kind:?}: {peak} bytes at most, {live} of them live");
    }
}

#[test]
fn stress_collects_a_small_heap_at_every_safepoint_and_a_large_one_at_some() {
    let mut vm = Vm::new(CollectorKind::Stress.build());
    let cycles_in_steps = |vm: &mut Vm| {
        let before = vm.heap.cycles();
        (0..400).for_each(|_| vm.step());
        vm.heap.cycles() - before
    };
    assert_eq!(cycles_in_steps(&mut vm), 400);
    vm.heap.charge(255 * 1024).unwrap();
    assert_eq!(cycles_in_steps(&mut vm), 400);
    vm.heap.charge(769 * 1024).unwrap();
    let some = cycles_in_steps(&mut vm);
    assert!((40..160).contains(&some), "{some} of 400, about one in five");
    assert!(vm.heap.wants_step());
}

#[test]
fn garbage_is_reused_without_asking_for_more() {
    for kind in [CollectorKind::MarkSweep, CollectorKind::Incremental] {
        let (mut vm, counts) = counted(kind);
        for _ in 0..if cfg!(miri) { 2_000 } else { 200_000 } {
            let object = vm.object(TABLE, 2);
            vm.roots[0] = Some(object);
            if vm.heap.wants_step() {
                vm.step();
            }
        }
        assert!(counts.peak() < 400 * 1024, "{kind:?}: {}", counts.peak());
    }
}

#[test]
fn a_full_cycle_returns_empty_pages() {
    for kind in [CollectorKind::MarkSweep, CollectorKind::Incremental, CollectorKind::None] {
        let (mut vm, counts) = counted(kind);
        let (count, padding) = if cfg!(miri) { (250, 2_500) } else { (2_000, 0) };
        let list = vm.object(TABLE, count);
        vm.roots[0] = Some(list);
        for index in 0..count as usize {
            let object = vm.try_object(TABLE, 20, padding).unwrap();
            vm.store(list, index, (Some(object), None));
        }
        assert!(counts.bytes() > 600_000);
        vm.roots[0] = None;
        vm.collect();
        vm.collect();
        assert_eq!(vm.heap.bytes(), 0);
        assert!(counts.bytes() < 100 * 1024, "{kind:?}: {}", counts.bytes());
        drop(vm);
        assert_eq!(counts.blocks(), 0);
    }
}

#[test]
fn sweeping_is_lazy_after_mark_sweep() {
    let mut vm = Vm::new(CollectorKind::MarkSweep.build());
    vm.heap.stop();
    for _ in 0..if cfg!(miri) { 600 } else { 5000 } {
        vm.object(TABLE, 0);
    }
    assert!(!vm.heap.wants_step());
    vm.heap.restart();
    assert!(vm.heap.wants_step());
    vm.step();
    assert_eq!(vm.heap.phase(), Phase::Sweeping);
    assert_eq!(vm.ids(), [0; 0]);
    let before = vm.heap.bytes();
    vm.object(TABLE, 0);
    assert!(vm.heap.bytes() < before);
    vm.heap.finish_sweep();
    assert_eq!(vm.heap.bytes(), 32);
}

#[test]
fn an_incremental_cycle_takes_many_steps() {
    let mut vm = Vm::new(CollectorKind::Incremental.build());
    // Steps of 1 KB rather than 8.
    let length = if cfg!(miri) { 1_100 } else { 10_000 };
    vm.heap.set_stepsize(if cfg!(miri) { 10 } else { 13 });
    let list = vm.object(TABLE, length);
    vm.roots[0] = Some(list);
    for index in 0..length as usize {
        let object = vm.object(TABLE, 1);
        vm.store(list, index, (Some(object), None));
    }
    vm.collect();
    let steps = |vm: &mut Vm, kilobytes| (1..).find(|_| vm.heap.step_bytes(&mut vm.roots, kilobytes)).unwrap();
    let small = steps(&mut vm, 0);
    let large = steps(&mut vm, 20);
    assert!(small > 8 && large < small, "{small} {large}");
    assert_eq!(vm.ids().len(), 1 + length as usize);
}

/// One huge table makes neither a long step nor a long store.
#[test]
fn huge_objects_are_traced_in_segments() {
    let length = if cfg!(miri) { 100 } else { 10_000 };
    let mut vm = Vm::new(CollectorKind::None.build());
    let list = vm.object(TABLE, length as u32);
    vm.roots[0] = Some(list);
    for index in 0..length {
        let object = vm.object(STRING, 0);
        vm.store(list, index, (Some(object), None));
    }
    let traced = |vm: &mut Vm| {
        let (mut count, white) = (0, vm.heap.white);
        // SAFETY: nothing is changed.
        unsafe {
            vm.heap.for_each_object(|_, object| {
                count += (kind(object) == STRING && object.as_ref().mark() & white == 0) as usize;
            });
        }
        count
    };
    vm.heap.begin_marking(&mut vm.roots);
    assert!(!vm.heap.mark_slice(100));
    let step = traced(&mut vm);
    assert!(step > 0 && step <= 8, "{step}");
    let last = pairs(list)[length - 1];
    vm.store(list, length - 1, (None, None));
    assert_eq!(traced(&mut vm), step + 4);
    vm.store(list, length - 2, last);
    assert_eq!(traced(&mut vm), step + 4);
    // What the table held lives until the cycle ends, without being traced at once.
    vm.resize(list, 1);
    vm.store(list, 0, (None, None));
    assert!(traced(&mut vm) < step + 12);
    vm.heap.end_marking();
    vm.heap.finish_sweep();
    assert_eq!(vm.ids().len(), length + 1);
}

#[test]
fn shared_objects_are_reported_and_left_alone() {
    static POOL: Header = Header::shared(STRING);
    let shared = std::ptr::NonNull::from(&POOL);
    let mut vm = Vm::new(CollectorKind::MarkSweep.build());
    let table = vm.object(TABLE, 1);
    vm.store(table, 0, (Some(shared), None));
    vm.roots[0] = Some(table);
    vm.collect();
    assert_eq!(vm.heap.side.reached_shared, 1);
    assert_eq!(vm.heap.side.marking_ended, 1);
    assert_eq!(vm.heap.cycles(), 1);
    assert_eq!(POOL.mark(), SHARED);
    assert_eq!(SHARED, 0x80);
}

#[test]
fn minor_collections_report_nothing_shared() {
    static POOL: Header = Header::shared(STRING);
    let mut vm = Vm::new(CollectorKind::Generational.build());
    vm.collect();
    let table = vm.object(TABLE, 1);
    vm.store(table, 0, (Some(std::ptr::NonNull::from(&POOL)), None));
    vm.roots[0] = Some(table);
    vm.heap.minor(&mut vm.roots);
    assert_eq!((vm.heap.minors(), vm.heap.marking.reached), (1, 0));
    vm.collect();
    assert_eq!(vm.heap.side.reached_shared, 1);
}

#[test]
fn a_string_found_dead_lives_again() {
    let mut vm = Vm::new(CollectorKind::MarkSweep.build());
    let string = vm.string(1);
    vm.step();
    assert_eq!(vm.heap.phase(), Phase::Sweeping);
    assert_eq!(vm.string(1), string);
    vm.roots[0] = Some(string);
    vm.heap.finish_sweep();
    assert_eq!(vm.ids(), [1]);
    vm.roots[0] = None;
    vm.collect();
    assert_eq!(vm.ids(), [0; 0]);
    assert!(vm.heap.side.strings.is_empty());
}

#[test]
fn a_string_found_while_marking_stays() {
    let mut vm = Vm::new(CollectorKind::Incremental.build());
    let string = vm.string(1);
    vm.heap.begin_marking(&mut vm.roots);
    assert_eq!(vm.string(1), string);
    vm.roots[0] = Some(string);
    vm.heap.end_marking();
    vm.heap.finish_sweep();
    assert_eq!(vm.ids(), [1]);
}

#[test]
fn the_heap_may_move_to_another_thread() {
    struct Moved(Vm);
    // SAFETY: the roots belong to the heap, which is `Send`.
    unsafe impl Send for Moved {}
    let mut vm = Vm::new(CollectorKind::Incremental.build());
    let table = vm.object(TABLE, 3);
    vm.roots[0] = Some(table);
    let moved = Moved(vm);
    let ids = std::thread::spawn(move || {
        let mut moved = moved;
        let Moved(vm) = &mut moved;
        vm.collect();
        vm.ids()
    });
    assert_eq!(ids.join().unwrap(), [STRINGS]);
}
