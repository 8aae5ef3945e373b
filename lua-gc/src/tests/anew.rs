//! Full collections while a cycle marks: it is given up.

use std::sync::Arc;

use super::toy::*;
use crate::ending::Stage;
use crate::{CollectorKind, CountingPages, PageCounts, Phase};

/// A list of objects, as huge as its pairs are many, and a weak table.
struct Scene {
    vm: Vm,
    counts: Arc<PageCounts>,
    list: Object,
    weak: Object,
}

/// Blocks of so many pairs come from the source of pages each.
const MANY: u32 = 500;

impl Scene {
    fn new() -> Scene {
        let pages = CountingPages::new();
        let counts = pages.counts();
        let mut vm = Vm::with_pages(CollectorKind::None.build(), Box::new(pages));
        let (list, weak) = (vm.object(TABLE, MANY), vm.object(WEAK_VALUES, 1));
        vm.roots[0] = Some(list);
        vm.roots[1] = Some(weak);
        Scene { vm, counts, list, weak }
    }

    /// Puts new objects into every third pair.
    fn fill(&mut self) {
        for index in (0..MANY as usize).step_by(3) {
            let (object, leaf) = (self.vm.object(TABLE, 1), self.vm.object(TABLE, 0));
            self.vm.store(object, 0, (Some(leaf), None));
            self.vm.store(self.list, index, (Some(object), None));
        }
    }

    fn begin(&mut self, is_apart: bool, slices: usize) {
        if is_apart {
            self.vm.heap.begin_marking_apart(&mut self.vm.roots);
        } else {
            self.vm.heap.begin_marking(&mut self.vm.roots);
        }
        for _ in 0..slices {
            if is_apart {
                self.vm.heap.is_marked_apart(1);
            } else {
                self.vm.heap.mark_slice(1);
            }
        }
    }

    /// What the roots lead to is there, and nothing else.
    fn check(&mut self, what: &str) {
        let objects = pairs(self.list).iter().filter_map(|pair| pair.0);
        let with_leaves = objects.flat_map(|object| [Some(object), pairs(object)[0].0]).flatten();
        let mut living: Vec<Id> = with_leaves.chain([self.list, self.weak]).map(id).collect();
        living.sort_unstable();
        assert_eq!(self.vm.ids(), living, "{what}");
    }
}

#[test]
fn what_a_cycle_has_marked_when_it_is_given_up_does_not_live_by_that() {
    let (rounds, step) = if cfg!(miri) { (2, 150) } else { (5, 7) };
    for is_apart in [false, true] {
        let mut given_up = 0;
        for slices in (0..300).step_by(step) {
            let mut scene = Scene::new();
            let bytes = scene.vm.heap.bytes();
            for round in 0..rounds {
                let what = format!("apart {is_apart}, {slices} slices, round {round}");
                scene.fill();
                let read = scene.vm.object(TABLE, 1);
                scene.vm.store(scene.weak, 0, (None, Some(read)));
                scene.begin(is_apart, slices);
                // The cycle would keep all of this, and the block that the list had.
                let _ = scene.vm.load(scene.weak, 0);
                scene.vm.object(TABLE, 1);
                // A part of the list stays untraced.
                for index in (0..50).step_by(2) {
                    scene.vm.store(scene.list, index, (None, None));
                }
                if round % 3 != 0 {
                    scene.vm.resize(scene.list, MANY + 1);
                    scene.vm.resize(scene.list, MANY);
                }
                let is_tracing = scene.vm.heap.phase() == Phase::Marking && scene.vm.heap.ending.stage == Stage::Tracing;
                let cycles = scene.vm.heap.cycles();
                scene.vm.collect();
                given_up += usize::from(is_tracing);
                assert_eq!(scene.vm.heap.cycles() - cycles, if is_tracing { 1 } else { 2 }, "{what}");
                assert_eq!(scene.vm.heap.phase(), Phase::Idle, "{what}");
                scene.check(&what);
                assert!(pairs(scene.weak)[0].1.is_none(), "{what}");
                // Whatever the colours are now, ages can be told by them.
                if round % 2 == 0 {
                    scene.vm.heap.begin_ages();
                    scene.fill();
                    scene.vm.object(TABLE, 1);
                    scene.vm.heap.minor(&mut scene.vm.roots);
                    scene.vm.heap.end_ages();
                    scene.vm.collect();
                    scene.check(&what);
                }
            }
            for index in 0..MANY as usize {
                scene.vm.store(scene.list, index, (None, None));
            }
            scene.vm.collect();
            assert_eq!(scene.vm.heap.bytes(), bytes, "apart {is_apart}, {slices} slices");
            drop(scene.vm);
            assert_eq!(scene.counts.blocks(), 0);
        }
        assert!(given_up >= rounds, "apart {is_apart}: {given_up}");
    }
}
