//! Weak tables and ephemerons (§2.5.4).

use super::toy::*;
use crate::CollectorKind;

fn vm() -> Vm {
    Vm::new(CollectorKind::MarkSweep.build())
}

#[test]
fn weak_values_go_with_their_referents() {
    let mut vm = vm();
    let table = vm.object(WEAK_VALUES, 3);
    vm.roots[0] = Some(table);
    let (key, kept, lost) = (vm.object(TABLE, 0), vm.object(TABLE, 0), vm.object(TABLE, 0));
    let string = vm.string(1);
    vm.roots[1] = Some(kept);
    vm.store(table, 0, (Some(key), Some(kept)));
    vm.store(table, 1, (Some(key), Some(lost)));
    vm.store(table, 2, (Some(string), Some(string)));
    vm.collect();
    assert_eq!(pairs(table), [(Some(key), Some(kept)), (None, None), (Some(string), Some(string))]);
    assert_eq!(vm.ids(), [1, id(table), id(key), id(kept)]);
}

#[test]
fn a_value_of_an_ephemeron_that_refers_to_its_key_does_not_keep_it() {
    let mut vm = vm();
    let table = vm.object(EPHEMERON, 2);
    vm.roots[0] = Some(table);
    let (key, value) = (vm.object(TABLE, 0), vm.object(TABLE, 1));
    vm.store(value, 0, (Some(key), None));
    vm.store(table, 0, (Some(key), Some(value)));
    vm.roots[1] = Some(key);
    vm.collect();
    assert_eq!(vm.ids(), [id(table), id(key), id(value)]);
    vm.roots[1] = None;
    vm.collect();
    assert_eq!(pairs(table)[0], (None, None));
    assert_eq!(vm.ids(), [id(table)]);
}

#[test]
fn chains_of_ephemerons_converge_in_either_direction() {
    const LENGTH: usize = if cfg!(miri) { 20 } else { 2000 };
    for backwards in [false, true] {
        let mut vm = vm();
        let list = vm.object(TABLE, LENGTH as u32);
        vm.roots[0] = Some(list);
        let keys: Vec<Object> = (0..=LENGTH)
            .map(|index| {
                let key = vm.object(TABLE, 0);
                if index == 0 {
                    vm.roots[1] = Some(key);
                }
                key
            })
            .collect();
        for index in 0..LENGTH {
            let table = vm.object(EPHEMERON, 1);
            let link = if backwards { LENGTH - 1 - index } else { index };
            vm.store(table, 0, (Some(keys[link]), Some(keys[link + 1])));
            vm.store(list, index, (Some(table), None));
        }
        vm.collect();
        assert_eq!(vm.ids().len(), 2 * LENGTH + 2);
        vm.roots[1] = None;
        vm.collect();
        assert_eq!(vm.ids().len(), LENGTH + 1);
    }
}

/// `repeat ... until weak[1] == nil`
#[test]
fn asking_a_weak_table_again_and_again_does_not_keep_an_object_forever() {
    let mut vm = Vm::new(CollectorKind::Incremental.build());
    let table = vm.object(WEAK_VALUES, 1);
    vm.roots[0] = Some(table);
    let list = vm.object(TABLE, 500);
    vm.roots[1] = Some(list);
    for index in 0..500 {
        let object = vm.object(TABLE, 1);
        vm.store(list, index, (Some(object), None));
    }
    for _ in 0..3 {
        let value = vm.object(TABLE, 0);
        vm.store(table, 0, (None, Some(value)));
        let mut count = 0;
        while vm.load(table, 0) != (None, None) {
            vm.object(TABLE, 1);
            if vm.heap.wants_step() {
                vm.step();
            }
            count += 1;
            assert!(count < 200_000);
        }
        assert!(vm.heap.cycles() > 2);
    }
}

#[test]
fn what_is_read_from_a_weak_table_while_marking_stays() {
    for omit in [false, true] {
        let mut vm = Vm::new(CollectorKind::Incremental.build());
        let table = vm.object(WEAK_VALUES, 1);
        vm.roots[0] = Some(table);
        let value = vm.object(TABLE, 0);
        vm.store(table, 0, (None, Some(value)));
        vm.heap.begin_marking(&mut vm.roots);
        vm.heap.mark_slice(usize::MAX);
        vm.roots[1] = if omit { pairs(table)[0].1 } else { vm.load(table, 0).1 };
        vm.heap.end_marking();
        vm.heap.finish_sweep();
        assert_eq!(vm.ids().len(), if omit { 1 } else { 2 });
    }
}
