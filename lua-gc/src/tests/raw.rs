//! Raw blocks against a naive twin, while the heap is trimmed.

use std::ptr::NonNull;
use std::sync::Arc;

use super::random::Random;
use super::toy::*;
use crate::cycle::WASTE;
use crate::size_class::{CLASSES, class_of};
use crate::trim::{SLICE, Stage};
use crate::{CollectorKind, CountingPages, Header, PageCounts};

/// A block in use, its size, and what its bytes are.
type Block = (NonNull<u8>, usize, u8);

const SIZES: [usize; 5] = [16, 48, 64, 496, 2_000];

struct Twin {
    vm: Vm,
    counts: Arc<PageCounts>,
    blocks: Vec<Block>,
    random: Random,
}

impl Twin {
    fn new(seed: u64) -> Twin {
        let pages = CountingPages::new();
        let counts = pages.counts();
        Twin { vm: Vm::with_pages(CollectorKind::None.build(), Box::new(pages)), counts, blocks: Vec::new(), random: Random(seed) }
    }

    fn alloc(&mut self) {
        let size = SIZES[self.random.below(SIZES.len())] - self.random.below(15);
        let fill = self.random.below(256) as u8;
        let block = self.vm.heap.alloc_raw(size).unwrap();
        // SAFETY: the block is new and has `size` bytes.
        unsafe { block.write_bytes(fill, size) };
        self.blocks.push((block, size, fill));
    }

    /// Frees any block, which must have kept its bytes: it has not been handed out twice.
    fn free(&mut self) {
        if !self.blocks.is_empty() {
            let (block, size, fill) = self.blocks.swap_remove(self.random.below(self.blocks.len()));
            // SAFETY: allocated with this size, and in use until now.
            unsafe {
                assert_eq!(std::slice::from_raw_parts(block.as_ptr(), size), &[fill; 2_000][..size]);
                self.vm.heap.free_raw(block, size);
            }
        }
    }

    /// While no page has a list, the lists of the classes hold what is not in use.
    fn check_lists(&mut self) {
        assert!(self.vm.heap.trim.is_none());
        self.vm.heap.cut_raw_lists();
        for class in 0..CLASSES {
            let mut free = 0;
            let mut list = self.vm.heap.raw[class].lists;
            while !list.is_null() {
                let mut block = list;
                // SAFETY: blocks in lists are free.
                unsafe {
                    while !block.is_null() {
                        free += 1;
                        block = (*block).next;
                    }
                    list = (*list).next_list;
                }
            }
            let mut page = self.vm.heap.raw[class].pages;
            let mut slots = 0;
            while !page.is_null() {
                // SAFETY: pages in lists live.
                unsafe {
                    assert!((*page).free.is_null() && (*page).listed == 0);
                    slots += (*page).slots as usize;
                    page = (*page).next;
                }
            }
            assert_eq!(free + self.vm.heap.raw_used[class], slots, "class {class}");
        }
    }

    /// So that some pages are empty, others not: frees what lies in every fourth stretch of memory but a few.
    fn free_in_stretches(&mut self) {
        let (go, stay) = std::mem::take(&mut self.blocks).into_iter().partition(|block| (block.0.addr().get() >> 17) % 4 != 0);
        self.blocks = go;
        while !self.blocks.is_empty() {
            self.free();
            if self.random.below(40) == 0 {
                self.vm.heap.cut_raw_lists();
            }
        }
        self.blocks = stay;
    }
}

#[test]
fn programs_may_do_anything_while_their_heap_is_trimmed() {
    let (seeds, count, operations) = if cfg!(miri) { (1, 900, 300) } else { (12, 20_000, 20_000) };
    for seed in 1..=seeds {
        let mut twin = Twin::new(seed);
        let mut begun = 0;
        for _ in 0..3 {
            (0..count).for_each(|_| twin.alloc());
            twin.free_in_stretches();
            let mut lean = 0;
            for operation in 0..operations {
                if operation % 500 == 0 {
                    lean = 20 + 20 * twin.random.below(4);
                }
                if twin.random.below(100) < lean {
                    twin.alloc()
                } else {
                    twin.free()
                }
                match twin.random.below(200) {
                    0 => twin.vm.heap.cut_raw_lists(),
                    1 => {
                        twin.vm.heap.begin_trim();
                        begun += usize::from(twin.vm.heap.trim.is_some());
                    }
                    2..60 => {
                        let work = 1 + twin.random.below(60);
                        twin.vm.heap.trim_slice(work);
                    }
                    _ => {}
                }
            }
        }
        assert!(begun > 0, "a test of trimming in which nothing is trimmed");
        twin.vm.heap.trim_slice(usize::MAX);
        twin.check_lists();
        while !twin.blocks.is_empty() {
            twin.free();
        }
        assert_eq!(twin.vm.heap.bytes(), 0);
        twin.vm.heap.trim_raw();
        twin.vm.heap.release_empty_pages();
        assert!(twin.counts.bytes() < 2 * WASTE, "{} bytes for nothing", twin.counts.bytes());
        let Twin { vm, counts, .. } = twin;
        drop(vm);
        assert_eq!(counts.blocks(), 0);
    }
}

#[test]
#[cfg_attr(miri, ignore = "a heap that is worth it is too large")]
fn a_heap_that_shrinks_returns_its_memory_while_the_program_runs() {
    for kind in [CollectorKind::MarkSweep, CollectorKind::Incremental, CollectorKind::Generational, CollectorKind::Concurrent] {
        let pages = CountingPages::new();
        let counts = pages.counts();
        let mut vm = Vm::with_pages(kind.build(), Box::new(pages));
        let count = 20_000;
        let list = vm.object(TABLE, count);
        vm.roots[0] = Some(list);
        for index in 0..count as usize {
            let object = vm.object(TABLE, 12);
            vm.store(list, index, (Some(object), None));
        }
        let most = counts.bytes();
        vm.roots[0] = None;
        for round in 0_u32.. {
            vm.object(TABLE, 2);
            if vm.heap.wants_step() {
                vm.step();
            }
            if counts.bytes() < most / 3 {
                break;
            }
            assert!(round < 50 * count, "{kind:?}: {} of {most} bytes", counts.bytes());
        }
        assert!(counts.peak() < 2 * most, "{kind:?}: {}", counts.peak());
    }
}

#[test]
fn a_heap_may_end_while_it_is_trimmed() {
    for work in [0, 1, 20, 200, 400, 800] {
        let mut twin = Twin::new(7);
        (0..if cfg!(miri) { 900 } else { 10_000 }).for_each(|_| twin.alloc());
        twin.free_in_stretches();
        twin.vm.heap.begin_trim();
        assert!(twin.vm.heap.trim.is_some());
        twin.vm.heap.trim_slice(work);
        let Twin { vm, counts, .. } = twin;
        drop(vm);
        assert_eq!(counts.blocks(), 0);
    }
}

#[test]
fn blocks_of_a_page_that_comes_while_others_are_gathered_stay_with_their_class() {
    const SIZE: usize = 2048;
    let mut twin = Twin::new(5);
    let mut blocks: Vec<_> = (0..2 * 7 * SLICE).map(|_| twin.vm.heap.alloc_raw(SIZE).unwrap()).collect();
    let free = |twin: &mut Twin, blocks: Vec<NonNull<u8>>| {
        for block in blocks {
            // SAFETY: allocated with this size, not used any more.
            unsafe { twin.vm.heap.free_raw(block, SIZE) };
        }
    };
    let most = blocks.split_off(1000);
    free(&mut twin, most);
    twin.vm.heap.begin_trim();
    twin.vm.heap.trim_slice(1);
    let bytes = twin.vm.heap.raw[class_of(SIZE)].bytes;
    let mut others = Vec::new();
    while twin.vm.heap.raw[class_of(SIZE)].bytes == bytes {
        others.push(twin.vm.heap.alloc_raw(SIZE).unwrap());
    }
    free(&mut twin, others.split_off(500));
    assert!(matches!(twin.vm.heap.trim.as_ref().unwrap().stage, Stage::Gather(_)));
    twin.vm.heap.trim_slice(usize::MAX);
    twin.check_lists();
    free(&mut twin, blocks);
    free(&mut twin, others);
    twin.vm.heap.trim_raw();
    twin.check_lists();
    assert!(twin.vm.heap.raw[class_of(SIZE)].bytes < 2 * WASTE);
}

#[test]
fn pages_of_blocks_that_are_free_become_pages_of_objects() {
    let mut twin = Twin::new(3);
    let mut blocks = Vec::new();
    let count = if cfg!(miri) { 3_000 } else { 20_000 };
    for _ in 0..count {
        let block = twin.vm.heap.alloc_raw(64).unwrap();
        // SAFETY: the block has 64 bytes. No byte looks like that of a slot without an object.
        unsafe { block.write_bytes(0xFF, 64) };
        blocks.push(block);
    }
    let held = twin.counts.bytes();
    for block in blocks {
        // SAFETY: allocated above, not used any more.
        unsafe { twin.vm.heap.free_raw(block, 64) };
    }
    twin.vm.heap.trim_raw();
    let objects: Vec<_> = (0..count * 3 / 4).map(|_| twin.vm.try_object(TABLE, 0, 64 - size_of::<Toy>()).unwrap()).collect();
    assert!(twin.counts.bytes() <= held);
    let mut seen = 0;
    // SAFETY: nothing is allocated or changed.
    unsafe { twin.vm.heap.for_each_object(|_, object| seen += usize::from(Header::kind(object.as_ref()) == TABLE)) };
    assert_eq!(seen, objects.len());
}
