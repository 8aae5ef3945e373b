//! Memory that runs out.

use std::alloc::Layout;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::toy::*;
use crate::{ArenaPages, CollectorKind, CountingPages, OutOfMemory, PageSource, SystemPages};

#[test]
fn the_limit_is_exact() {
    let mut vm = Vm::new(CollectorKind::None.build());
    vm.heap.set_limit(10_000);
    let mut objects = 0;
    while vm.try_object(TABLE, 1, 0).is_some() {
        objects += 1;
    }
    assert_eq!(objects, 10_000 / 48);
    assert!(vm.heap.bytes() <= 10_000);
    assert_eq!(vm.heap.charge(1000), Err(OutOfMemory));
    assert_eq!(vm.heap.alloc_raw(usize::MAX), Err(OutOfMemory));
    assert_eq!(vm.heap.alloc_raw(isize::MAX as usize), Err(OutOfMemory));
    assert_eq!(vm.heap.charge(usize::MAX), Err(OutOfMemory));
    vm.collect();
    vm.heap.charge(9_000).unwrap();
    assert!(vm.try_object(TABLE, 1, 0).is_some());
    assert_eq!(vm.heap.alloc_raw(5000), Err(OutOfMemory));
    vm.heap.discharge(9_000);
    vm.heap.set_limit(usize::MAX);
    assert!(vm.try_object(TABLE, 300, 9000).is_some());
}

#[test]
fn dead_objects_are_swept_before_a_request_is_refused() {
    let mut vm = Vm::new(CollectorKind::MarkSweep.build());
    vm.heap.set_limit(100_000);
    while vm.try_object(TABLE, 0, 0).is_some() {}
    vm.step();
    assert!(vm.heap.bytes() > 99_000);
    let block = vm.heap.alloc_raw(90_000).unwrap();
    // SAFETY: allocated above.
    unsafe { vm.heap.free_raw(block, 90_000) };
}

#[test]
fn the_nth_charge_is_refused_once() {
    let mut vm = Vm::new(CollectorKind::None.build());
    for n in 1..6 {
        vm.heap.refuse_charge_after(n);
        for count in 1..10 {
            let refused = match count % 3 {
                0 => vm.heap.charge(8).is_err(),
                1 => vm
                    .heap
                    .alloc(32, STRING)
                    .map(|object| {
                        // SAFETY: an object without pairs.
                        unsafe { object.cast::<u8>().add(2).write_bytes(0, 30) };
                    })
                    .is_err(),
                _ => vm.heap.alloc_raw(64).is_err(),
            };
            assert_eq!(refused, count == n);
        }
    }
}

#[test]
fn a_page_source_may_refuse_any_request() {
    for n in 1..if cfg!(miri) { 5 } else { 60 } {
        let pages = CountingPages::new();
        let counts = pages.counts();
        let mut vm = Vm::with_pages(CollectorKind::Incremental.build(), Box::new(pages));
        counts.refuse_after(n);
        let mut refused = 0;
        for index in 0..if cfg!(miri) { 200 } else { 4000 } {
            match vm.try_object(TABLE, index % 40, (index as usize * 37) % 6000) {
                Some(object) => vm.roots[index as usize % 8] = Some(object),
                None => refused += 1,
            }
            if vm.heap.wants_step() {
                vm.step();
            }
        }
        assert!(refused <= 1);
        drop(vm);
        assert_eq!((counts.blocks(), counts.bytes()), (0, 0));
    }
}

#[test]
fn a_heap_lives_in_an_arena() {
    let arena = ArenaPages::new(300_000).unwrap();
    let mut vm = Vm::with_pages(CollectorKind::MarkSweep.build(), Box::new(arena));
    let mut refused = 0;
    for index in 0..if cfg!(miri) { 1000 } else { 30_000 } {
        let mut object = vm.try_object(TABLE, index % 20, 0);
        if object.is_none() {
            refused += 1;
            vm.collect();
            object = vm.try_object(TABLE, index % 20, 0);
        }
        vm.roots[index as usize % 8] = Some(object.expect("a collection frees enough"));
    }
    assert!(cfg!(miri) || refused > 3);
}

/// Counts how often it is asked to trim.
struct Asked(Arc<AtomicUsize>);

// SAFETY: hands out what `SystemPages` does.
unsafe impl PageSource for Asked {
    fn request(&mut self, layout: Layout) -> Option<NonNull<u8>> {
        SystemPages.request(layout)
    }

    unsafe fn release(&mut self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller's promise; the block came from there.
        unsafe { SystemPages.release(block, layout) }
    }

    fn trim(&mut self) {
        self.0.fetch_add(1, Relaxed);
    }
}

#[test]
fn a_full_collection_lets_the_source_trim() {
    for kind in [CollectorKind::MarkSweep, CollectorKind::Incremental, CollectorKind::Generational, CollectorKind::Concurrent] {
        let asked = Arc::new(AtomicUsize::new(0));
        let mut vm = Vm::with_pages(kind.build(), Box::new(Asked(Arc::clone(&asked))));
        vm.heap.step(&mut vm.roots);
        assert_eq!(asked.load(Relaxed), 0, "{kind:?}");
        vm.heap.collect(&mut vm.roots);
        assert_eq!(asked.load(Relaxed), 1, "{kind:?}");
    }
}
